import { openTemporary } from '@handoff/composition/temporary';
import { before, days, gameDate, isoInstant, minutes, OfficialGameId, parseInstant, seconds, type PhaseTriggered, type PredictionRow } from '@handoff/contracts';
import { encodePush, hostFunction, type HostedFunction } from '@handoff/function-host';
import { definition as coordinator } from '@handoff/phase5-predict-coordinator';
import { definition as worker } from '@handoff/phase5-predict-worker';
import type { Delivery, Ports } from '@handoff/ports';
import { buildDailyCache, buildFeatures, groupPlayerGames, predictionSystems, rateTeams } from '@handoff/scoring';
import { aGame, anUpcomingPlayer, asLoaded, asMade, aSummary, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** Nine games of two players are two requests. */
const date = gameDate('2026-01-15');
const tipAt = parseInstant('2026-01-15T19:00:00Z');
const games = Array.from({ length: 9 }, (_, index) => OfficialGameId.parse(`002250057${index}`));
const playersOf = (game: string): readonly string[] => [`first${'abcdefghij'[Number(game.slice(-1))] ?? ''}`, `second${'abcdefghij'[Number(game.slice(-1))] ?? ''}`];
const upcoming = games.flatMap((game) => playersOf(game).map((player) => anUpcomingPlayer({ game_date: date, nba_game_id: game, game_id: `20260115_${game}`, player_lookup: player, tip_at: tipAt })));
const history = upcoming.flatMap(({ player_lookup: player }) => Array.from({ length: 6 }, (_, index) => {
  const played = isoInstant(before(tipAt, days(2 * (index + 1)))).slice(0, 10);
  return aSummary({ game_date: played, game_id: `${played.replaceAll('-', '')}_MEM_ORL`, nba_game_id: `00225003${String(index).padStart(2, '0')}`, player_lookup: player, points: 14 + index });
}));
/** The trigger, as the gate in front would send it. */
const trigger: PhaseTriggered = {
  sport: 'nba', purpose: 'live', triggerId: 'nba_2026-01-15_pregame_phase5_r1', phase: 'phase5', flow: 'pregame',
  runs: [{ gameDate: date, revision: 1, releaseId: 'r1', games, isDegraded: false, missing: [], upgrades: false, sourceVersionAt: before(tipAt, minutes(400)) }],
};

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(before(tipAt, minutes(300)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const merge = (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => system.ports.warehouse.merge({ table, rows });
  await merge('nba_raw.nbac_schedule', games.map((game) => asLoaded(aGame({ game_date: date, game_id: game, tip_at: tipAt, game_status: 1, home_team_score: null, away_team_score: null }))));
  await merge('nba_analytics.player_game_summary', history.map(asMade));
  await merge('nba_analytics.upcoming_player_game_context', upcoming.map(asMade));
  const playerGames = groupPlayerGames(history);
  const caches = buildDailyCache({ players: upcoming, playerGames, seasonYear: 2025, finalGames: [], summarisedGames: new Set() });
  const league = rateTeams({ offense: [], defense: [], date, seasonYear: 2025 });
  await merge('nba_predictions.ml_feature_store_v2', upcoming.map((player, index) => asMade(buildFeatures({ player, cache: caches[index], playerGames, seasonYear: 2025, league, teams: [] }))));
});
afterEach(() => system.close());

let instances = 0;
/** An instance of one of the two functions, which knows nothing of the others. */
function host(definition: typeof worker | typeof coordinator, over: Partial<Ports> = {}): HostedFunction {
  instances += 1;
  return hostFunction({ definition, ports: { ...system.ports, ...over }, config: { SPORT: 'nba' as const }, instance: { id: `instance-${instances}`, isGone: () => false } });
}
const deliver = (to: HostedFunction, delivery: Delivery) => to({ method: 'POST', path: '/', headers: {}, body: encodePush(delivery) });

/** Everything that is on its way, by subscription; taken from the bus. */
async function waiting(): Promise<ReadonlyMap<string, readonly Delivery[]>> {
  const taken: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { taken.push(delivery); return Promise.resolve('ack'); }));
  return new Map([...new Set(taken.map(({ subscription }) => subscription))].map((name) => [name, taken.filter(({ subscription }) => subscription === name)]));
}
const requestsOf = 'prediction-requests--phase5-predict-worker';
const answersOf = 'prediction-ready--phase5-predict-coordinator';
const announcedTo = 'phase5-predictions-complete--phase5-to-phase6';

async function started(): Promise<readonly Delivery[]> {
  await system.ports.bus.publish('predictions-trigger', { key: trigger.triggerId, payload: trigger, correlationId: 'spec' });
  for (const delivery of (await waiting()).get('predictions-trigger--phase5-predict-coordinator') ?? []) await deliver(host(coordinator), delivery);
  const requests = (await waiting()).get(requestsOf) ?? [];
  expect(requests).toHaveLength(2);
  return requests;
}
const activeRows = () => system.ports.warehouse.query<Pick<PredictionRow, 'nba_game_id' | 'player_lookup' | 'system_id' | 'line_key'>>({
  name: 'spec/active', text: `SELECT made.nba_game_id, made.player_lookup, made.system_id, made.line_key FROM \`nba_predictions.player_prop_predictions\` AS made WHERE made.game_date = DATE '${date}' AND made.is_active`,
});
async function expectOneRowEach(): Promise<void> {
  const keys = (await activeRows()).map((row) => [row.nba_game_id, row.player_lookup, row.system_id, row.line_key].join('|'));
  expect(keys).toHaveLength(upcoming.length * predictionSystems.length);
  expect(new Set(keys).size).toBe(keys.length);
}

/** An active row that no MERGE of ours takes back, being of a system that no longer predicts. */
function foreignRow(lineKey: string): Readonly<Record<string, unknown>> {
  const player = upcoming.find(({ nba_game_id: of }) => of === games[8])!;
  return {
    game_date: date, game_id: player.game_id, nba_game_id: player.nba_game_id, player_lookup: player.player_lookup, player_full_name: player.player_full_name, system_id: 'retired_system_v1', line_key: lineKey, team_abbr: 'ORL', opponent_team_abbr: 'MEM',
    predicted_points: 1, confidence_score: 0.5, recommendation: 'PASS', has_prop_line: true, line_source: 'ACTUAL_PROP', line_source_api: null, sportsbook: null, current_points_line: 99.9, line_margin: null, feature_quality_score: 90,
    is_active: true, superseded_by: null, invalidation_reason: null, factors: {}, predicted_at: clock.now(), data_hash: 'x', run_id: 'foreign', revision: 1, is_degraded: false, processed_at: clock.now(),
  };
}

it('five deliveries of each request, some at once, and two consolidations in the same second leave one active row per key and one announcement', async () => {
  const requests = await started();
  for (const request of requests) {
    const statuses = await Promise.all(Array.from({ length: 3 }, () => deliver(host(worker), request)));
    expect(statuses.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    for (let delivery = 4; delivery <= 5; delivery += 1) expect((await deliver(host(worker), { ...request, attempt: delivery })).body).toEqual({ outcome: 'duplicate' });
  }
  await expectOneRowEach();
  const answers = (await waiting()).get(answersOf) ?? [];
  expect(answers).toHaveLength(2);
  const responses = await Promise.all(answers.flatMap((answer) => [deliver(host(coordinator), answer), deliver(host(coordinator), answer)]));
  for (const answer of answers) responses.push(await deliver(host(coordinator), answer));
  expect(responses.some(({ body }) => body['outcome'] === 'batch-complete')).toBe(true);
  expect(((await waiting()).get(announcedTo) ?? []).map(({ message }) => message.key)).toEqual([`${trigger.triggerId}_complete`]);
  await expectOneRowEach();
});

it('a worker that is killed after its write leaves rows without an answer; the message comes again, nothing is doubled, the batch ends', async () => {
  const [first, second] = await started();
  const killed = host(worker, { bus: { publish: () => Promise.reject(new Error('killed')) } });
  expect((await deliver(killed, first!)).status).toBe(500);
  expect((await activeRows()).length).toBeGreaterThan(0);
  expect((await waiting()).get(answersOf)).toBeUndefined();
  for (const request of [first!, second!]) expect((await deliver(host(worker), { ...request, attempt: 2 })).status).toBe(200);
  for (const answer of (await waiting()).get(answersOf) ?? []) await deliver(host(coordinator), answer);
  expect((await waiting()).get(announcedTo)).toHaveLength(1);
  await expectOneRowEach();
});

it('a worker that is killed for good after its write, its message lost: the check sends the request again, and the batch ends', async () => {
  const [first, second] = await started();
  await deliver(host(worker, { bus: { publish: () => Promise.reject(new Error('killed')) } }), first!);
  await deliver(host(worker), second!);
  for (const answer of (await waiting()).get(answersOf) ?? []) await deliver(host(coordinator), answer);
  clock.advance(seconds(900));
  expect((await host(coordinator)({ method: 'POST', path: '/', headers: {}, body: { job: coordinator.name, scheduledAt: clock.now() } })).body).toMatchObject({ outcome: 'checked' });
  const again = (await waiting()).get(requestsOf) ?? [];
  expect(again).toHaveLength(1);
  await deliver(host(worker), again[0]!);
  for (const answer of (await waiting()).get(answersOf) ?? []) await deliver(host(coordinator), answer);
  expect((await waiting()).get(announcedTo)).toHaveLength(1);
  await expectOneRowEach();
});

it('an injured player costs one delivery: ruled out after the batch began, his old prediction taken back, the batch complete', async () => {
  const requests = await started();
  const injured = playersOf(games[0]!)[0]!;
  const left = upcoming.filter(({ player_lookup: player }) => player !== injured);
  await system.ports.warehouse.merge({ table: 'nba_analytics.upcoming_player_game_context', rows: left.map(asMade), replaceScope: { partitions: [date], column: 'nba_game_id', values: games } });
  for (const request of requests) expect((await deliver(host(worker), request)).body).toMatchObject({ outcome: 'predicted' });
  const answers = (await waiting()).get(answersOf) ?? [];
  const outcomes = [];
  for (const answer of answers) outcomes.push((await deliver(host(coordinator), answer)).body['outcome']);
  expect(outcomes).toEqual(['waiting', 'batch-complete']);
  expect([...(await waiting()).keys()].filter((name) => name === requestsOf)).toEqual([]);
  const known = await system.ports.state.query<{ players: readonly { player: string; state: string; reason?: string }[] }>({ collection: 'prediction_answers', where: [{ field: 'triggerId', operator: '==', value: trigger.triggerId }] });
  expect(known.flatMap(({ value }) => value.players).filter(({ player }) => player === injured)).toMatchObject([{ state: 'skipped', reason: 'ruled-out' }]);
  expect(await system.notifier.incidents()).toEqual([]);
});

it('two active rows that no write of ours takes back are told of, and their request is not announced; once one is gone the check sends it again, and the batch ends', async () => {
  const [first, second] = await started();
  await deliver(host(worker), first!);
  await system.ports.warehouse.merge({ table: 'nba_predictions.player_prop_predictions', rows: [foreignRow('998'), foreignRow('999')] });
  expect((await deliver(host(worker), second!)).body).toMatchObject({ outcome: 'rejected', code: 'duplicate-predictions' });
  expect(await system.notifier.incidents()).toMatchObject([{ cause: 'duplicate-predictions', severity: 'critical', facts: { count: 1, keys: [`${games[8]!}|${playersOf(games[8]!)[0]!}|retired_system_v1: 2 rows, 2 lines`] } }]);
  for (const answer of (await waiting()).get(answersOf) ?? []) await deliver(host(coordinator), answer);
  await system.ports.warehouse.execute({ name: 'spec/mend', text: `UPDATE \`nba_predictions.player_prop_predictions\` SET is_active = FALSE WHERE game_date = DATE '${date}' AND system_id = 'retired_system_v1'` });
  clock.advance(seconds(900));
  expect((await host(coordinator)({ method: 'POST', path: '/', headers: {}, body: { job: coordinator.name, scheduledAt: clock.now() } })).body).toMatchObject({ outcome: 'checked' });
  for (const again of (await waiting()).get(requestsOf) ?? []) await deliver(host(worker), again);
  for (const answer of (await waiting()).get(answersOf) ?? []) await deliver(host(coordinator), answer);
  expect((await waiting()).get(announcedTo)).toHaveLength(1);
  await expectOneRowEach();
});
