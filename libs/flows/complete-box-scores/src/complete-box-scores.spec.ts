import { EntityBreakers } from '@handoff/breakers';
import { boxScoreBackfill, boxScoreScrapers, CircuitBreakerConfig } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, BoxscoreGapsDetected, gameDate, hours, minutes, OfficialGameId, parseInstant, type GameDate } from '@handoff/contracts';
import { publishPending } from '@handoff/outbox';
import type { Delivery, FlowContext } from '@handoff/ports';
import { aBoxScore, aGame, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backfillBoxScores, checkBoxScores } from './index.ts';

const config = CircuitBreakerConfig.parse({});
const yesterday = gameDate('2026-01-24');
const longAgo = gameDate('2025-11-02');
const tipAt = (date: GameDate) => parseInstant(`${date}T23:30:00Z`);

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const idOf = (number: number): OfficialGameId => OfficialGameId.parse(`00225${String(number).padStart(5, '0')}`);
const pairs = [['BOS', 'MEM'], ['LAL', 'ORL'], ['DEN', 'UTA']] as const;
async function scheduled(date: GameDate, first: number, over: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const rows = pairs.map(([home, away], index) => asLoaded({ ...aGame({ game_date: date, game_id: idOf(first + index), tip_at: tipAt(date) }), home_team_tricode: home, away_team_tricode: away, ...over }));
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows });
}
const boxScores = (date: GameDate, numbers: readonly number[], table = 'nba_raw.bdl_player_boxscores') =>
  system.ports.warehouse.merge({ table, rows: numbers.map((number) => asLoaded(aBoxScore({ game_date: date, nba_game_id: idOf(number), player_lookup: 'lukadoncic' }))) });
const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });
const check = () => checkBoxScores({ sport: 'nba', config, checkId: `check_${clock.now()}` }, context());
async function published(topic: string): Promise<readonly Delivery['message'][]> {
  await publishPending(system.ports, 1_000);
  const messages: Delivery['message'][] = [];
  while (await system.bus.deliverNext(({ subscription, message }) => { if (subscription.startsWith(`${topic}--`)) messages.push(message); return Promise.resolve('ack'); }));
  return messages;
}
const gaps = async () => (await published('boxscore-gaps-detected')).flatMap(({ payload }) => BoxscoreGapsDetected.parse(payload).gaps.map((gap) => `${gap.gameDate} ${gap.games.join(' ')} ${gap.teams.join(' ')}`));
const incidents = async () => (await system.notifier.incidents()).map(({ cause, severity, resolvedAt }) => ({ cause, severity, isOpen: resolvedAt === null }));

describe('the check of box scores', () => {
  it('is silent where every game has one, from whichever source', async () => {
    await scheduled(yesterday, 1);
    await boxScores(yesterday, [1, 2]);
    await boxScores(yesterday, [3], 'nba_raw.nbac_player_boxscores');
    expect(await check()).toMatchObject({ outcome: 'complete', facts: { games: 3, missing: 0, teamsCritical: 0, teamsWarning: 0 } });
    expect([await gaps(), await incidents()]).toEqual([[], []]);
  });

  it('tells of a team below 70 % with its dates, publishes the hole, and resolves when it is filled', async () => {
    await scheduled(yesterday, 1);
    await boxScores(yesterday, [1, 2]);
    expect(await check()).toMatchObject({ outcome: 'gaps-detected', facts: { missing: 1, teamsCritical: 2 } });
    expect(await gaps()).toEqual(['2026-01-24 0022500003 DEN UTA']);
    expect(await incidents()).toEqual([{ cause: 'boxscore-coverage-low', severity: 'critical', isOpen: true }]);
    await boxScores(yesterday, [3]);
    await check();
    expect(await incidents()).toEqual([{ cause: 'boxscore-coverage-low', severity: 'critical', isOpen: false }]);
  });

  it('that is made again asks for the same games under the same key, and for others under another', async () => {
    await scheduled(yesterday, 1);
    await boxScores(yesterday, [1]);
    const again = () => checkBoxScores({ sport: 'nba', config, checkId: 'check' }, context());
    for (let call = 0; call < 2; call += 1) await again();
    await boxScores(yesterday, [2]);
    await again();
    const asked = await published('boxscore-gaps-detected');
    const keys = asked.map(({ key, payload }) => [key, BoxscoreGapsDetected.parse(payload).checkId]);
    expect(keys.map(([key, checkId]) => key === checkId)).toEqual([true, true, true]);
    expect([keys[0]![0] === keys[1]![0], keys[1]![0] === keys[2]![0]]).toEqual([true, false]);
  });

  it('finds a hole of three months ago like one of yesterday, though no team is judged by it', async () => {
    await scheduled(longAgo, 11);
    await scheduled(yesterday, 1);
    await boxScores(longAgo, [11, 13]);
    await boxScores(yesterday, [1, 2, 3]);
    expect(await check()).toMatchObject({ outcome: 'gaps-detected', facts: { missing: 1, teamsCritical: 0 } });
    expect([await gaps(), await incidents()]).toEqual([['2025-11-02 0022500012 LAL ORL'], []]);
  });

  it('misses neither a postponed game nor one whose box score is not due yet', async () => {
    await scheduled(yesterday, 1, { is_postponed: true });
    await scheduled(gameDate('2026-01-25'), 21, { tip_at: after(clock.now(), minutes(-300)) });
    expect(await check()).toMatchObject({ outcome: 'complete', facts: { games: 0, missing: 0 } });
  });

  it.each(boxScoreScrapers.map(({ loads }) => loads))('takes the players whose box scores %s has back in', async (table) => {
    const breakers = new EntityBreakers(system.ports, config);
    for (let revision = 1; revision <= 5; revision += 1) await breakers.judge({ processor: 'nba_predictions.ml_feature_store_v2', date: yesterday, runId: `r${revision}`, correlationId: 'spec' }, [{ entity: 'lukadoncic', completenessPct: 60, lacks: 'history-incomplete' }]);
    clock.advance(minutes(30));
    await scheduled(yesterday, 1);
    await boxScores(yesterday, [1, 2, 3], table);
    expect(await check()).toMatchObject({ facts: { circuit_breakers_reset: 1 } });
  });

  it('is an error where the warehouse does not answer, and takes nothing for missing', async () => {
    await scheduled(yesterday, 1);
    const warehouse = { ...system.ports.warehouse, query: () => Promise.reject(new Error('no answer')) } as unknown as FlowContext['ports']['warehouse'];
    await expect(checkBoxScores({ sport: 'nba', config, checkId: 'check' }, { ...context(), ports: { ...system.ports, warehouse } })).rejects.toThrow('no answer');
    expect([await gaps(), await incidents()]).toEqual([[], []]);
  });
});

describe('the backfill of box scores', () => {
  const detected = (count: number, date = yesterday) => BoxscoreGapsDetected.parse({ sport: 'nba', checkId: `check_${clock.now()}`, detectedAt: clock.now(), gaps: [{ gameDate: date, games: Array.from({ length: count }, (_, index) => idOf(index + 1)), teams: ['BOS'] }] });
  const backfill = (message = detected(1)) => backfillBoxScores(message, context());

  it('asks every source of box scores once for a date, whatever lacks there', async () => {
    expect(await backfill(detected(3))).toMatchObject({ outcome: 'asked', facts: { games: 3, requests: boxScoreScrapers.length } });
    expect((await published('scrape-requests')).map(({ payload }) => payload['scraper'])).toEqual(['bdl_player_box_scores', 'nbac_player_boxscore', 'espn_boxscore']);
  });

  it('asks for a game of a history as history, and for one of a date that was lived through as live', async () => {
    await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: yesterday, output: 'nba_predictions.prediction_accuracy' })] });
    const [lived] = detected(1).gaps;
    await backfill({ ...detected(1), gaps: [lived!, { ...lived!, gameDate: longAgo, games: [idOf(2)] }] });
    const purposes = (await published('scrape-requests')).map(({ payload }) => `${String(payload['gameDate'])} ${String(payload['purpose'])}`);
    expect(new Set(purposes)).toEqual(new Set([`${yesterday} live`, `${longAgo} history`]));
  });

  it('asks for a game again after four hours, and three times in all', async () => {
    const outcomes: string[] = [];
    for (const wait of [0, 3, 1, 4, 4, 24]) {
      clock.advance(hours(wait));
      outcomes.push((await backfill()).outcome);
    }
    expect(outcomes).toEqual(['asked', 'nothing-to-ask', 'asked', 'asked', 'nothing-to-ask', 'nothing-to-ask']);
  });

  it('asks for 20 games at a time, the newest first, and says how many wait', async () => {
    const old = detected(boxScoreBackfill.gamesMax, longAgo);
    const message = { ...old, gaps: [...old.gaps, { gameDate: yesterday, games: [idOf(501), idOf(502)], teams: old.gaps[0]!.teams }] };
    expect(await backfill(message)).toMatchObject({ facts: { games: 20, overCap: 2 } });
    expect(await published('scrape-requests')).toHaveLength(2 * boxScoreScrapers.length);
    expect(await backfill({ ...message, checkId: 'next' })).toMatchObject({ facts: { games: 2, coolingDown: 20 } });
  });
});
