import { healingPolicy, switchSourceOff, switchSourcesOn } from '@handoff/catalogue';
import { after, before, days, epochMs, gameDate, hours, minutes, OfficialGameId, Tricode, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Gap } from './gaps.ts';
import { gapSeverity, planRepairs, type GapAction, type HealingFacts } from './plan-repairs.ts';

const date = gameDate('2026-01-24');
const now = epochMs(Date.UTC(2026, 0, 25, 12));
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const box = 'nba_raw.bdl_player_boxscores';
const game = (officialId: OfficialGameId, over: Partial<SlateGame> = {}): SlateGame => ({
  officialId, gameDate: date, tipAt: epochMs(Date.UTC(2026, 0, 25, 0)), home: Tricode.parse('ORL'), away: Tricode.parse('MEM'), status: 'final', homeScore: 100, awayScore: 90, movedIn: false, ...over,
});
const gap = (over: Partial<Gap> = {}): Gap => ({
  gameDate: date, flow: 'postgame', phase: 'phase2', subject: box, occurrence: 1, status: 'open', missing: [`${box}|${first}`], purpose: 'live', openedAt: now, attempts: [], attemptCount: 0, round: 0, attemptsInRound: 0,
  nextActionAt: now, endedAt: null, resolution: null, version: 1, updatedAt: now, ...over,
});
const facts = (gaps: readonly Gap[], over: Partial<HealingFacts> = {}): HealingFacts => ({ gaps, rows: [], slateOf: () => [game(first), game(second)], asked: { by: 'self-heal', correlationId: 'spec' }, now, ...over });
const plan = (gaps: readonly Gap[], over: Partial<HealingFacts> = {}) => planRepairs(facts(gaps, over), healingPolicy);
const said = (actions: readonly GapAction[]) => actions.map(({ saying }) => saying);

afterEach(() => { switchSourcesOn(); });

/** Acts on a gap again and again, each time when it is due, and tells what was done and when. */
function liveThrough(start: Gap, until: EpochMs): readonly { readonly at: EpochMs; readonly saying: string; readonly messages: number; readonly keys: readonly string[] }[] {
  const done = [];
  let current = start;
  while (current.nextActionAt !== null && current.nextActionAt < until) {
    const at = current.nextActionAt;
    const [action] = plan([current], { now: at });
    done.push({ at, saying: action!.saying, messages: action!.repairs.length, keys: action!.repairs.map(({ attemptKey }) => attemptKey) });
    current = action!.next;
  }
  return done;
}

describe('what was there and is lost', () => {
  const lines = 'nba_raw.prizepicks_player_points_lines';
  const answers = [1, 2].map((hour) => ({ fetchedAt: epochMs(Date.UTC(2026, 0, 24, hour)), files: [{ path: `a${hour}`, contentHash: `${hour}` }] }));
  const rowOf = (output: string, over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow => ({
    game_date: date, output, scope: first, phase: 'phase2', flow: 'postgame', recovery_class: 'convergent', state: 'FAILED', reason: 'all-rows-lost', cause: null, expected_by: now, row_count: 20, planned_at: now, observed_at: now, ...over,
  });
  const kept: Pick<HealingFacts, 'keptOf'> = { keptOf: () => answers };
  const lostLines = gap({ flow: 'pregame', subject: lines, missing: [`${lines}|${first}`] });

  it('is loaded again from every stored answer before anybody is asked, then asked for', () => {
    const facts = { rows: [rowOf(box)], ...kept };
    const [action] = plan([gap()], facts);
    expect(action).toMatchObject({ saying: `reload bdl_player_box_scores for ${first}`, next: { attempts: [{ repair: 'reload bdl_player_box_scores', messages: 2 }] } });
    expect(action!.repairs.map(({ by, games, purpose }) => [by, games, purpose])).toEqual(answers.map((answer) => [{ kind: 'reload', scraper: 'bdl_player_box_scores', answer }, [first], 'live']));
    expect(new Set(action!.repairs.map(({ attemptKey }) => attemptKey)).size).toBe(2);
    expect(said(plan([{ ...action!.next, nextActionAt: now }], facts))).toEqual([`scrape bdl_player_box_scores for ${first}`]);
  });

  it('a part of it too, with how many rows there were', () => {
    expect(plan([gap()], { rows: [rowOf(box, { reason: 'rows-lost' })], ...kept })).toMatchObject([{ repairs: [{ by: { kind: 'reload' }, least: { [`${box}|${first}`]: 20 } }, {}] }]);
  });

  it('is loaded again after tip-off as well, when no source has it any more', () => {
    const facts = { rows: [rowOf(lines, { flow: 'pregame' })], ...kept };
    const [action] = plan([lostLines], facts);
    expect(action).toMatchObject({ saying: `reload prizepicks_lines for ${first}` });
    expect(plan([{ ...action!.next, nextActionAt: now }], facts)).toMatchObject([{ repairs: [], saying: 'stopped: 1 repairs left the same set missing' }]);
    expect(said(plan([lostLines], { ...facts, keptOf: () => [] }))).toEqual(['stopped: nothing can fill it']);
  });

  it.each([['never seen', 'overdue'], ['seen to be empty', 'none-offered']])('what was %s is not looked for in stored answers', (_, reason) => {
    expect(said(plan([gap()], { rows: [rowOf(box, { reason })], ...kept }))).toEqual([`scrape bdl_player_box_scores for ${first}`]);
  });

  it('of a game that was postponed stays away', () => {
    expect(said(plan([gap()], { rows: [rowOf(box)], ...kept, slateOf: () => [game(first, { status: 'postponed' })] }))).toEqual(['stopped: nothing can fill it']);
  });
});

describe('a game without a box score', () => {
  it('is asked of the source that it should come from, then of those that stand in, then not for a while', () => {
    const told = liveThrough(gap(), after(now, hours(9)));
    const round = ['scrape bdl_player_box_scores for 0022500645', 'scrape nbac_player_boxscore for 0022500645', 'scrape espn_boxscore for 0022500645', 'stopped: 3 repairs left the same set missing'];
    expect(told.map(({ saying }) => saying).slice(0, 8)).toEqual([...round, ...round]);
    expect(told.slice(0, 5).map(({ at }) => (at - now) / minutes(60))).toEqual([0, 1, 2, 3, 4]);
  });

  it('is not asked of a source that is switched off', () => {
    switchSourceOff('balldontlie', { from: '2026-01-20' });
    expect(said(plan([gap()]))).toEqual(['scrape nbac_player_boxscore for 0022500645']);
  });

  it('is never asked for when no source is left, nor when it was postponed', () => {
    expect(plan([gap()], { slateOf: () => [game(first, { status: 'postponed' })] })).toMatchObject([{ repairs: [], saying: 'stopped: nothing can fill it' }]);
    switchSourceOff('balldontlie', { from: '2026-01-20' });
    switchSourceOff('nba-com', { from: '2026-01-20' });
    switchSourceOff('espn-pages', { from: '2026-01-20' });
    expect(plan([gap()])).toMatchObject([{ repairs: [], saying: 'stopped: nothing can fill it' }]);
  });

  it('is asked for alone: the games that are there are left alone', () => {
    expect(plan([gap({ missing: [`${box}|${second}`] })])[0]?.repairs).toMatchObject([{ purpose: 'live', games: [second] }]);
  });

  describe('that has lost some of its rows', () => {
    const lost = (output: string, over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow => ({
      game_date: date, output, scope: first, phase: 'phase2', flow: 'postgame', recovery_class: 'convergent', state: 'FAILED', reason: 'rows-lost', cause: null, expected_by: now, row_count: 22, planned_at: now, observed_at: now, ...over,
    });

    it('is asked of its own source alone, and is there again with as many rows', () => {
      const [action] = plan([gap()], { rows: [lost(box), lost(box, { scope: second, row_count: 19 })] });
      expect(action).toMatchObject({ saying: 'scrape bdl_player_box_scores for 0022500645', repairs: [{ least: { [`${box}|${first}`]: 22 } }] });
      expect(plan([{ ...action!.next, nextActionAt: now }], { rows: [lost(box)] })).toMatchObject([{ repairs: [] }]);
    });

    it('from a source that stands in is asked of every source, and a part of it will not do', () => {
      const standIn = 'nba_raw.nbac_player_boxscores';
      const rows = [lost(box, { reason: 'past-due', row_count: 0 }), lost(standIn)];
      const [action] = plan([gap()], { rows });
      expect(action).toMatchObject({ repairs: [{ least: { [`${standIn}|${first}`]: 22 } }] });
      expect(said(plan([{ ...action!.next, nextActionAt: now }], { rows }))).toEqual(['scrape nbac_player_boxscore for 0022500645']);
    });
  });

  it('of a history is loaded as history', () => {
    expect(plan([gap({ purpose: 'history' })])[0]?.repairs).toMatchObject([{ purpose: 'history' }]);
  });

  it('costs a bounded number of requests, however long no source has it', () => {
    const told = liveThrough(gap(), after(now, days(60)));
    const onDay = (day: number) => told.filter(({ at }) => at >= after(now, days(day)) && at < after(now, days(day + 1))).reduce((sum, { messages }) => sum + messages, 0);
    expect(onDay(0)).toBeLessThanOrEqual(12);
    for (let day = 8; day < 15; day += 1) expect(onDay(day)).toBeLessThanOrEqual(3);
    for (let week = 15; week < 53; week += 7) expect([0, 1, 2, 3, 4, 5, 6].reduce((sum, day) => sum + onDay(week + day), 0)).toBeLessThanOrEqual(3);
    expect(told.at(-1)!.at).toBeGreaterThan(after(now, days(52)));
  });

  it('is asked of nobody in the off season once it is old, and a young one is', () => {
    const old = gap({ openedAt: before(now, days(7)) });
    expect(plan([old], { isOffSeason: true })).toMatchObject([{ repairs: [], saying: 'stopped: off season' }]);
    expect(plan([gap()], { isOffSeason: true })).toMatchObject([{ repairs: [{}] }]);
    expect(plan([old])).toMatchObject([{ repairs: [{}] }]);
  });

  it('keeps of each attempt who began it, what it cost, and its correlation id', () => {
    expect(plan([gap()], { asked: { by: 'handoff heal', correlationId: 'order' } })[0]?.next.attempts).toMatchObject([{ by: 'handoff heal', correlationId: 'order', messages: 1 }]);
  });

  it('is asked for as another piece of work each time, however long no source has it', () => {
    const keys = liveThrough(gap(), after(now, days(200))).flatMap((done) => done.keys);
    expect(keys.length).toBeGreaterThan(100);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('what a phase did not make', () => {
  const summaries = gap({ phase: 'phase3', subject: 'phase3', missing: [`nba_analytics.player_game_summary|${first}`] });

  it('is made by starting the phase again for the games that lack it', () => {
    expect(plan([summaries])).toMatchObject([{ saying: 'again phase2-to-phase3 for 0022500645', repairs: [{ by: { kind: 'again', app: 'phase2-to-phase3', to: 'phase3' }, purpose: 'live', games: [first] }] }]);
  });

  it('for the slate as a whole starts it for all', () => {
    expect(plan([gap({ phase: 'phase6-publish', subject: 'phase6-publish', missing: ['exports/results|slate'] })])).toMatchObject([{ saying: 'again phase5-to-phase6 for the slate', repairs: [{ games: [] }] }]);
  });

  it('is tried twice, then not for a while', () => {
    expect(liveThrough(summaries, after(now, hours(3))).map(({ saying }) => saying)).toEqual(['again phase2-to-phase3 for 0022500645', 'again phase2-to-phase3 for 0022500645', 'stopped: 2 repairs left the same set missing']);
  });

  const features = gap({ flow: 'pregame', phase: 'phase4', subject: 'phase4', missing: [first, second].map((one) => `nba_precompute.player_daily_cache|${one}`) });
  const missed = (output: string): ExpectedOutputRow => ({
    game_date: date, output, scope: first, phase: 'phase3', flow: 'pregame', recovery_class: 'time-bound', state: 'MISSED', reason: 'not-there-at-tip-off', cause: null, expected_by: now, row_count: 0, planned_at: now, observed_at: now,
  });

  it('before a game is made live while the game has not begun, and in retrospect after', () => {
    const slateOf = () => [game(first), game(second, { tipAt: after(now, hours(1)), status: 'scheduled' })];
    expect(plan([features], { slateOf })[0]?.repairs.map(({ purpose, games }) => [purpose, games])).toEqual([['live', [second]], ['repair', [first]]]);
  });

  it('begins with the phase whose outputs were missed, since they are made from them', () => {
    expect(plan([features], { rows: [missed('nba_analytics.upcoming_team_game_context')] })[0]?.repairs[0]?.by).toEqual({ kind: 'again', app: 'phase2-to-phase3', to: 'phase3' });
    expect(plan([features])[0]?.repairs[0]?.by).toEqual({ kind: 'again', app: 'phase3-to-phase4', to: 'phase4' });
  });

  it('does not begin with lines that were missed: nothing waits for them', () => {
    const rows = [missed('nba_analytics.upcoming_team_game_context'), { ...missed('nba_raw.odds_api_player_points_props'), phase: 'phase2', reason: 'never-asked' } as const];
    expect(plan([features], { rows })[0]?.repairs[0]?.by).toEqual({ kind: 'again', app: 'phase2-to-phase3', to: 'phase3' });
  });
});

describe('what is gone after its game has begun', () => {
  const gone = (phase: Gap['phase'], output: string, scope: string = first) => gap({ flow: 'pregame', phase, subject: phase === 'phase2' ? output : phase, missing: [`${output}|${scope}`] });

  it.each([
    ['a prediction', gone('phase5', 'nba_predictions.player_prop_predictions')], ['lines', gone('phase2', 'nba_raw.odds_api_player_points_props')],
    ['injuries', gone('phase2', 'nba_raw.bdl_injuries', 'slate')], ['a file of the evening', gone('phase6-publish', 'exports/tonight', 'slate')],
  ])('%s is asked of nobody, and before it is', (_, lost) => {
    expect(plan([lost])).toMatchObject([{ repairs: [], saying: 'stopped: nothing can fill it' }]);
    expect(plan([lost], { now: epochMs(Date.UTC(2026, 0, 24, 20)), slateOf: () => [game(first, { status: 'scheduled' })], gaps: [{ ...lost, nextActionAt: epochMs(Date.UTC(2026, 0, 24, 20)) }] })).toMatchObject([{ repairs: [{ purpose: 'live' }] }]);
  });

  it('the schedule is asked for, and a context is made in retrospect', () => {
    expect(said(plan([gone('phase2', 'nba_raw.nbac_schedule')]))).toEqual(['scrape nbac_schedule_api for 0022500645']);
    expect(plan([gone('phase3', 'nba_analytics.upcoming_team_game_context')])).toMatchObject([{ repairs: [{ by: { to: 'phase3' }, purpose: 'repair' }] }]);
  });

  it('of a slate on which some games are still ahead those are asked for alone', () => {
    const both = gap({ flow: 'pregame', phase: 'phase5', subject: 'phase5', missing: [first, second].map((one) => `nba_predictions.player_prop_predictions|${one}`) });
    expect(plan([both], { slateOf: () => [game(first), game(second, { tipAt: after(now, hours(1)), status: 'scheduled' })] })).toMatchObject([{ repairs: [{ purpose: 'live', games: [second] }] }]);
  });
});

describe('a run', () => {
  it('repairs what comes first in the pipeline first, and the newest date before older ones', () => {
    const gaps = [gap({ phase: 'phase6-grade', subject: 'phase6-grade' }), gap({ gameDate: gameDate('2026-01-20') }), gap()];
    expect(plan(gaps).map(({ gap: { gameDate: of, subject } }) => [of, subject])).toEqual([[date, box], ['2026-01-20', box], [date, 'phase6-grade']]);
  });

  it('leaves what is not due', () => {
    expect(plan([gap({ nextActionAt: after(now, minutes(1)) }), gap({ nextActionAt: null })])).toEqual([]);
  });

  it('begins at most so many repairs, whatever is due', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 80 }), (count) => {
      const gaps = Array.from({ length: count }, (_, index) => gap({ gameDate: gameDate(`2025-${index < 40 ? '11' : '12'}-${String((index % 28) + 1).padStart(2, '0')}`), occurrence: index + 1 }));
      expect(plan(gaps).filter(({ repairs }) => repairs.length > 0)).toHaveLength(Math.min(count, healingPolicy.actionsPerRunMax));
    }));
  });

  it('asks for the same under the same key when it is repeated, and under another at the next attempt', () => {
    const [once, again] = [plan([gap()]), plan([gap()])];
    expect(once[0]?.repairs[0]?.attemptKey).toBe(again[0]?.repairs[0]?.attemptKey);
    expect(plan([once[0]!.next], { now: once[0]!.next.nextActionAt! })[0]?.repairs[0]?.attemptKey).not.toBe(once[0]?.repairs[0]?.attemptKey);
  });
});

it.each([[0, undefined], [5, undefined], [6, 'warning'], [23, 'warning'], [24, 'error'], [71, 'error'], [72, 'critical']] as const)('a gap that has been open for %i hours is told of as %s', (age, severity) => {
  expect(gapSeverity(gap({ openedAt: now }), healingPolicy, after(now, hours(age)))).toBe(severity);
});
