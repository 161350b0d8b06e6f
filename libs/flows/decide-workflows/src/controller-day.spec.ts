import { workflows } from '@handoff/catalogue';
import { after, before, days, gameDate, hours, isoInstant, parseInstant, type EpochMs, type GameDate } from '@handoff/contracts';
import { transformOf } from '@handoff/payloads';
import { addDays, easternHour, gameDateOf, slateOf, type ScheduleFacts } from '@handoff/slate';
import { boxScoreAt, loadRecordings, RecordedSource } from '@handoff/sources-recorded';
import { checkDecisionPattern, expectedDecisions } from '@handoff/validation';
import { describe, expect, it } from 'vitest';
import type { ControllerFacts, ScraperRun, WorkflowDecision } from './controller-facts.ts';
import { decideWorkflow } from './decide-workflow.ts';
import { collectedDates } from './rules.ts';

const season = loadRecordings('tools/local/recordings/nba');
const scores = ['bdl_player_box_scores', 'nbac_player_boxscore'];

const moment = { now: parseInstant('2026-01-24T00:00:00Z') };
const source = new RecordedSource(season, { now: () => moment.now });

/** The schedule as the league answers it at a moment, read by the product's own transform. */
async function scheduleAt(now: EpochMs): Promise<readonly ScheduleFacts[]> {
  moment.now = now;
  const { body } = await source.fetch({ scraper: 'nbac_schedule_api', path: '/stats/scheduleleaguev2', query: { Season: '2025-26' } });
  const text = new TextDecoder().decode(body);
  return transformOf('nbac_schedule_api').parse(text, { gameDate: gameDateOf(now), fetchedAt: now, processedAt: now, path: 'schedule', games: [] }).rows as unknown as readonly ScheduleFacts[];
}

/** Every row of every game that stands on any of the dates: what read-models loads. */
function slatesAround(rows: readonly ScheduleFacts[], today: GameDate): ControllerFacts['slates'] {
  const dates = [-3, -2, -1, 0, 1].map((shift) => addDays(today, shift));
  const concerned = new Set(rows.filter(({ game_date: date }) => dates.some((one) => one === date)).map(({ game_id: game }) => game));
  const known = rows.filter(({ game_id: game }) => concerned.has(game));
  return new Map(dates.map((date) => [date, slateOf(known, date)]));
}

interface Hour {
  readonly at: EpochMs;
  readonly decisions: readonly WorkflowDecision[];
  readonly collected: readonly GameDate[];
}

/** Lives through hours as the controller does: what it runs succeeds at once and changes what the next hour sees. */
async function live(from: EpochMs, until: EpochMs): Promise<readonly Hour[]> {
  const lived: Hour[] = [];
  const runs: ScraperRun[] = [{ workflow: 'backfill', scraper: 'nbac_schedule_api', gameDate: gameDateOf(from), status: 'success', triggeredAt: from }];
  let rows = await scheduleAt(from);
  const collected = new Set(season.games.filter((game) => boxScoreAt(game, 'balldontlie') <= from).map(({ officialId }) => officialId));
  for (let now = from; now <= until; now = after(now, hours(1))) {
    const facts: ControllerFacts = { now, slates: slatesAround(rows, gameDateOf(now)), isScheduleKnown: true, collected: new Set(collected), runs: runs.filter(({ triggeredAt }) => triggeredAt >= before(now, days(2))) };
    const decisions = workflows.map((workflow) => decideWorkflow(workflow, facts));
    lived.push({ at: now, decisions, collected: collectedDates(facts) });
    for (const { workflow, scrapers, from: date, until: last } of decisions) {
      if (scrapers.includes('nbac_schedule_api')) rows = await scheduleAt(now);
      if (scrapers.some((name) => scores.includes(name))) for (const game of season.games) if (game.actualDate >= date && game.actualDate <= last && boxScoreAt(game, 'balldontlie') <= now) collected.add(game.officialId);
      runs.push(...scrapers.map((scraper): ScraperRun => ({ workflow, scraper, gameDate: date, status: 'success', triggeredAt: now })));
    }
  }
  return lived;
}

const eastern = (at: EpochMs): string => `${gameDateOf(at).slice(8)}T${String(easternHour(at)).padStart(2, '0')}`;
const runsOf = (lived: readonly Hour[], workflow: string): string =>
  lived.flatMap(({ at, decisions }) => decisions.filter((one) => one.workflow === workflow && one.action === 'RUN').map((one) => `${eastern(at)}${one.from === gameDateOf(at) && one.until === one.from ? '' : ` for ${one.from.slice(8)}`}${one.targetGames.length === 0 ? '' : ` (${one.targetGames.length})`}`)).join(', ');

const lived = await live(parseInstant('2026-01-24T08:00:00Z'), parseInstant('2026-01-26T10:00:00Z'));
const decisionAt = (hour: string, workflow: string): WorkflowDecision => lived.find(({ at }) => eastern(at) === hour)!.decisions.find((one) => one.workflow === workflow)!;

describe('the hours of 2026-01-24 and 25, as recorded', () => {
  it.each`
    workflow                   | runs
    ${'morning_operations'}    | ${'24T06 (7), 25T06 (8)'}
    ${'morning_recovery'}      | ${''}
    ${'bdl_catchup_midday'}    | ${''}
    ${'bdl_catchup_afternoon'} | ${''}
    ${'bdl_catchup_evening'}   | ${''}
    ${'betting_lines'}         | ${'24T08 (7), 24T10 (7), 24T12 (6), 24T14 (6), 24T16 (4), 24T18 (4), 24T20 (2), 25T08 (8), 25T10 (8), 25T12 (8), 25T14 (8), 25T16 (6), 25T18 (5), 25T20 (1)'}
    ${'post_game_window_1'}    | ${'24T22 (1), 25T22 (2)'}
    ${'post_game_window_2'}    | ${'25T01 for 24 (3), 26T01 for 25 (2)'}
    ${'post_game_window_2b'}   | ${''}
    ${'post_game_window_3'}    | ${''}
    ${'early_game_window_1'}   | ${'24T15 (1)'}
    ${'early_game_window_2'}   | ${'24T18 (1), 25T18 (1)'}
    ${'early_game_window_3'}   | ${'25T21 (1)'}
    ${'injury_discovery'}      | ${'24T06 (7), 25T06 (8)'}
    ${'referee_discovery'}     | ${''}
    ${'schedule_dependency'}   | ${'24T12, 25T12, 25T18'}
  `('$workflow runs at: $runs', ({ workflow, runs }: { workflow: string; runs: string }) => {
    expect(runsOf(lived, workflow)).toBe(runs);
  });

  it.each`
    hour       | workflow                 | reason
    ${'24T05'} | ${'morning_operations'}  | ${'before-window'}
    ${'24T07'} | ${'morning_operations'}  | ${'done-today'}
    ${'24T10'} | ${'morning_operations'}  | ${'after-window'}
    ${'25T06'} | ${'morning_recovery'}    | ${'nothing-to-collect'}
    ${'25T07'} | ${'morning_recovery'}    | ${'outside-window'}
    ${'25T10'} | ${'bdl_catchup_midday'}  | ${'nothing-to-collect'}
    ${'24T03'} | ${'betting_lines'}       | ${'outside-business-hours'}
    ${'24T09'} | ${'betting_lines'}       | ${'ran-recently'}
    ${'24T23'} | ${'betting_lines'}       | ${'all-games-started'}
    ${'24T23'} | ${'post_game_window_1'}  | ${'outside-window'}
    ${'24T23'} | ${'post_game_window_2'}  | ${'outside-window'}
    ${'25T02'} | ${'post_game_window_2b'} | ${'nothing-to-collect'}
    ${'24T05'} | ${'injury_discovery'}    | ${'before-window'}
    ${'24T07'} | ${'injury_discovery'}    | ${'found'}
    ${'24T12'} | ${'referee_discovery'}   | ${'source-not-enabled'}
    ${'24T04'} | ${'schedule_dependency'} | ${'schedule-fresh'}
  `('$workflow at $hour is skipped: $reason', ({ hour, workflow, reason }: { hour: string; workflow: string; reason: string }) => {
    expect(decisionAt(hour, workflow)).toMatchObject({ action: 'SKIP', reason, scrapers: [] });
  });

  it('a game that was postponed at 14:30 is asked for from the next schedule on only for the date to which it moved', () => {
    expect(decisionAt('24T14', 'betting_lines').targetGames).toContain('0022500644');
    const later = lived.filter(({ at }) => at > parseInstant('2026-01-24T20:00:00Z')).flatMap(({ decisions }) => decisions);
    const dates = later.filter(({ targetGames }) => targetGames.some((game) => game === '0022500644')).map(({ from }) => from);
    expect(new Set(dates)).toEqual(new Set(['2026-01-25']));
  });

  it('every hour decides all sixteen, each with a reason in kebab case', () => {
    for (const { decisions } of lived) {
      expect(decisions.map(({ workflow }) => workflow)).toEqual(workflows.map(({ name }) => name));
      for (const { action, reason, scrapers } of decisions) {
        expect(reason).toMatch(/^[a-z]+(-[a-z]+)+$|^found$/);
        expect(scrapers.length > 0).toBe(action === 'RUN');
      }
    }
  });

  it('everything that the slates call for is run in time, as it can be expected before their days begin', async () => {
    const slates = slatesAround(await scheduleAt(parseInstant('2026-01-24T08:00:00Z')), gameDate('2026-01-24'));
    const expected = ['2026-01-24', '2026-01-25'].map((date) => gameDate(date)).flatMap((date) => expectedDecisions(date, slates.get(date) ?? []));
    expect(expected.map(({ workflow, gameDate: date }) => `${date.slice(8)} ${workflow}`)).toEqual([
      '24 morning_operations', '24 betting_lines', '24 post_game_window_1', '24 post_game_window_2', '24 early_game_window_1', '24 early_game_window_2', '24 early_game_window_3', '24 injury_discovery',
      '25 morning_operations', '25 betting_lines', '25 post_game_window_1', '25 post_game_window_2', '25 early_game_window_2', '25 early_game_window_3', '25 injury_discovery',
    ]);
    const decided = lived.map(({ at, decisions, collected }) => ({ decidedAt: at, decisions, collected }));
    const end = lived.at(-1)!.at;
    expect(checkDecisionPattern({ decided, since: lived[0]!.at, now: end }, { expected, isReview: true })).toMatchObject({ severity: 'ok', evidence: { notRun: [], late: [], expected: expected.length } });
    // Each of them is missed where it is skipped, and nothing has been collected.
    for (const one of expected) {
      const without = decided.map((hour) => ({ ...hour, collected: [], decisions: hour.decisions.map((decision) => (decision.workflow === one.workflow ? { ...decision, action: 'SKIP' } : decision)) }));
      expect(checkDecisionPattern({ decided: without, since: lived[0]!.at, now: end }, { expected, isReview: false }).evidence['notRun']).toContain(`${one.workflow} of ${one.gameDate}, until ${isoInstant(one.until)}`);
    }
  });

  it('two clean days alert nobody', () => {
    expect(lived.flatMap(({ at, decisions }) => decisions.filter(({ alertLevel }) => alertLevel === 'WARNING' || alertLevel === 'CRITICAL').map(({ workflow }) => `${eastern(at)} ${workflow}`))).toEqual([]);
  });

  it('a RUN asks only sources that are enabled', () => {
    const asked = new Set(lived.flatMap(({ decisions }) => decisions.flatMap(({ scrapers }) => scrapers)));
    expect([...asked].sort()).toEqual(['bdl_injuries', 'bdl_player_box_scores', 'nbac_player_boxscore', 'nbac_schedule_api', 'oddsa_player_props', 'prizepicks_lines']);
  });
});
