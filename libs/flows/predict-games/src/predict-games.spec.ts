import { openTemporary } from '@handoff/composition/temporary';
import { after, before, days, gameDate, gameDate as dateOf, isoInstant, milliseconds, minutes, OfficialGameId, parseInstant, type EpochMs, type PredictionRow, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import type { Delivery, FlowContext } from '@handoff/ports';
import { heartbeatCollection } from '@handoff/prediction-batches';
import { loadLineContradictions } from '@handoff/read-models';
import { buildDailyCache, buildFeatures, groupPlayerGames, predictionSystems, rateTeams } from '@handoff/scoring';
import { aGame, anUpcomingPlayer, asLoaded, asMade, aSummary, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { predictGames } from './predict-games.ts';

const game = OfficialGameId.parse('0022500578');
const date = gameDate('2026-01-15');
const tipAt = parseInstant('2026-01-15T19:00:00Z');
const players = ['paolobanchero', 'franzwagner'];

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;

const merge = (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => system.ports.warehouse.merge({ table, rows });
const history = players.flatMap((player) => Array.from({ length: 12 }, (_, index) => {
  const played = isoInstant(before(tipAt, days(2 * (index + 1)))).slice(0, 10);
  return aSummary({ game_date: played, game_id: `${played.replaceAll('-', '')}_MEM_ORL`, nba_game_id: `00225003${String(index).padStart(2, '0')}`, player_lookup: player, points: 14 + ((index * 5) % 13) });
}));
const upcoming = (over = {}) => players.map((player) => anUpcomingPlayer({ player_lookup: player, tip_at: tipAt, ...over }));
const withLine = (points: number) => ({ has_prop_line: true, line_source: 'ACTUAL_PROP', line_source_api: 'ODDS_API', sportsbook: 'draftkings', current_points_line: points, opening_points_line: points });

/** Writes what phases 2 to 4 have made of the game, as of a line. */
async function prepare(rows: ReturnType<typeof upcoming>): Promise<void> {
  await system.ports.warehouse.merge({ table: 'nba_analytics.upcoming_player_game_context', rows: rows.map(asMade), replaceScope: { partitions: [date], column: 'nba_game_id', values: [game] } });
  const playerGames = groupPlayerGames(history);
  const caches = buildDailyCache({ players: rows, playerGames, seasonYear: 2025, finalGames: [], summarisedGames: new Set() });
  const league = rateTeams({ offense: [], defense: [], date, seasonYear: 2025 });
  await merge('nba_predictions.ml_feature_store_v2', rows.map((player, index) => asMade(buildFeatures({ player, cache: caches[index], playerGames, seasonYear: 2025, league, teams: [] }))));
}

beforeEach(async () => {
  clock = new ManualClock(before(tipAt, minutes(300)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await merge('nba_raw.nbac_schedule', [asLoaded(aGame({ tip_at: tipAt, game_status: 1, home_team_score: null, away_team_score: null }))]);
  await merge('nba_analytics.player_game_summary', history.map(asMade));
  await prepare(upcoming(withLine(20.5)));
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });
const request = (revision = 1): PredictionRequested => ({
  sport: 'nba', purpose: 'live', requestId: `batch_r${revision}_${date}_0`, triggerId: `batch_r${revision}`, games: [game], attempt: 1,
  run: { gameDate: dateOf(date), revision, releaseId: `nba_${date}_pregame_phase5_r${revision}`, games: [game], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now() },
});
async function ready(): Promise<readonly PredictionsReady[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.map(({ message }) => message.payload as unknown as PredictionsReady);
}
const rows = () => system.ports.warehouse.query<PredictionRow>({
  name: 'spec/predictions',
  text: `SELECT predicted.player_lookup, predicted.system_id, predicted.line_key, predicted.is_active, predicted.superseded_by, predicted.invalidation_reason, predicted.predicted_at, predicted.predicted_points, predicted.revision FROM \`nba_predictions.player_prop_predictions\` AS predicted WHERE predicted.game_date = DATE '${date}' ORDER BY predicted.player_lookup, predicted.system_id, predicted.line_key`,
});
const active = async () => (await rows()).filter((row) => row.is_active);
const moveTo = (at: EpochMs): void => { clock.advance(milliseconds(at - clock.now())); };

describe('before tip-off', () => {
  it('every player gets one active row per system at the line, and the answer counts them', async () => {
    expect(await predictGames(request(), context())).toMatchObject({ outcome: 'predicted', facts: { games: 1, rows: 6 } });
    expect((await rows()).map((row) => [row.player_lookup, row.line_key, row.is_active])).toEqual(players.toSorted().flatMap((player) => predictionSystems.map(() => [player, '205', true])));
    expect(await ready()).toMatchObject([{ requestId: request().requestId, completions: [{ scope: game, rowCount: 6 }] }]);
  });

  it('the same request again changes nothing and answers the same', async () => {
    await predictGames(request(), context());
    const [before_, first] = [await rows(), await ready()];
    clock.advance(minutes(10));
    await predictGames(request(), context());
    expect(await rows()).toEqual(before_);
    expect((await ready())[0]?.completions).toEqual(first[0]?.completions);
  });

  it('a new line supersedes the old in the same write, and the old keeps the name of its successor', async () => {
    await predictGames(request(), context());
    const [first] = await ready();
    await prepare(upcoming(withLine(21.5)));
    clock.advance(minutes(60));
    await predictGames(request(2), context());
    expect(await rows()).toHaveLength(12);
    expect((await active()).every(({ line_key: line }) => line === '215')).toBe(true);
    expect((await rows()).filter((row) => !row.is_active).every((row) => row.superseded_by === '215')).toBe(true);
    expect((await ready())[0]?.completions[0]?.contentHash).not.toBe(first?.completions[0]?.contentHash);
  });

  it('a game that a later revision has predicted is left alone, and answered for by what stands', async () => {
    await predictGames(request(2), context());
    const [before_, [first]] = [await rows(), await ready()];
    await prepare(upcoming(withLine(21.5)));
    expect(await predictGames(request(1), context())).toMatchObject({ outcome: 'nothing-to-predict', facts: { rows: 0, superseded: 1 } });
    expect(await rows()).toEqual(before_);
    expect((await ready())[0]?.completions).toEqual(first?.completions);
  });

  it('a line that goes back stands again, with one active row per player and system', async () => {
    for (const [index, line] of [20.5, 21.5, 20.5].entries()) {
      await prepare(upcoming(withLine(line)));
      clock.advance(minutes(10));
      await predictGames(request(index + 1), context());
    }
    expect(await rows()).toHaveLength(12);
    expect((await active()).map(({ line_key: line }) => line)).toEqual(Array.from({ length: 6 }, () => '205'));
  });

  it('a real line of 20.0 and no line are two different keys', async () => {
    await prepare(upcoming(withLine(20)));
    await predictGames(request(), context());
    expect((await active()).map(({ line_key: line }) => line)).toEqual(Array.from({ length: 6 }, () => '200'));
    await prepare(upcoming());
    await predictGames(request(2), context());
    expect((await active()).map(({ line_key: line }) => line)).toEqual(Array.from({ length: 6 }, () => 'none'));
  });

  it('a player who is no longer expected is taken back, the other stands', async () => {
    await predictGames(request(), context());
    await prepare(upcoming(withLine(20.5)).slice(0, 1));
    await predictGames(request(2), context());
    expect(new Set((await active()).map(({ player_lookup: player }) => player))).toEqual(new Set([players[0]]));
    expect((await rows()).filter((row) => !row.is_active).every((row) => row.invalidation_reason === 'player-ruled-out')).toBe(true);
  });
});

describe('from tip-off on', () => {
  it.each([[-1, 'predicted', 6], [0, 'nothing-to-predict', 0], [60_000, 'nothing-to-predict', 0]])('%s ms after it: %s', async (shift, outcome, count) => {
    moveTo(after(tipAt, milliseconds(shift)));
    expect(await predictGames(request(), context())).toMatchObject({ outcome, facts: { rows: count } });
    expect(await rows()).toHaveLength(count);
  });

  it('nothing changes any more: what stood stands, and the answer tells it', async () => {
    await predictGames(request(), context());
    const [before_, first] = [await rows(), await ready()];
    await prepare(upcoming(withLine(25.5)).slice(0, 1));
    moveTo(tipAt);
    expect(await predictGames(request(2), context())).toMatchObject({ outcome: 'nothing-to-predict' });
    expect(await rows()).toEqual(before_);
    expect((await ready())[0]?.completions).toMatchObject([{ contentHash: first[0]?.completions[0]?.contentHash, rowCount: 6 }]);
  });
});

it('a postponed game’s predictions are taken back, before and after its old tip-off, and its answer counts none', async () => {
  await predictGames(request(), context());
  await ready();
  await merge('nba_raw.nbac_schedule', [asLoaded(aGame({ tip_at: tipAt, game_status: 3, home_team_score: null, away_team_score: null, is_postponed: true }))]);
  for (const [index, at] of [before(tipAt, minutes(200)), after(tipAt, minutes(30))].entries()) {
    moveTo(at);
    expect(await predictGames(request(index + 2), context())).toMatchObject({ outcome: 'invalidated' });
    expect(await active()).toEqual([]);
    expect((await rows()).every((row) => row.invalidation_reason === 'game-postponed')).toBe(true);
    expect((await ready())[0]?.completions[0]?.rowCount).toBe(0);
  }
});

it('a game that is in no schedule is not predicted', async () => {
  const unknown = { ...request(), games: [OfficialGameId.parse('0022500999')] };
  expect(await predictGames(unknown, context())).toMatchObject({ facts: { rows: 0 } });
  expect(await rows()).toEqual([]);
});

describe('each player is answered for', () => {
  const told = async () => (await ready())[0]!;

  it('as predicted, or skipped with the reason', async () => {
    await system.ports.warehouse.execute({ name: 'spec/lose', text: `DELETE FROM \`nba_predictions.ml_feature_store_v2\` WHERE game_date = DATE '${date}' AND player_lookup = '${players[0]!}'` });
    await predictGames(request(), context());
    expect((await told()).players.toSorted((left, right) => left.player.localeCompare(right.player))).toEqual([
      { game, player: players[1], state: 'predicted' }, { game, player: players[0], state: 'skipped', reason: 'no-features' },
    ]);
  });

  it('as ruled out, where he stood before and is not expected any more', async () => {
    await predictGames(request(), context());
    await ready();
    await prepare(upcoming(withLine(20.5)).slice(0, 1));
    await predictGames(request(2), context());
    expect((await told()).players).toContainEqual({ game, player: players[1], state: 'skipped', reason: 'ruled-out' });
  });

  it('by what stands, where a later revision has predicted the game', async () => {
    await predictGames(request(2), context());
    await ready();
    await predictGames(request(1), context());
    expect((await told()).players.map((answer) => [answer.state, 'reason' in answer ? answer.reason : ''])).toEqual(players.map(() => ['skipped', 'later-revision-stands']));
  });

  it('as failed, where his prediction throws: the others are predicted, and the game says how many rows it lacks', async () => {
    const [first, second] = upcoming(withLine(20.5));
    await prepare([{ ...first!, has_prop_line: false }, second!]);
    expect(await predictGames(request(), context())).toMatchObject({ outcome: 'predicted', facts: { rows: 3, failed: 1 } });
    const answer = await told();
    expect(answer.players).toContainEqual({ game, player: first!.player_lookup, state: 'failed', reason: expect.stringContaining('line_source ACTUAL_PROP') as string });
    expect(answer.completions).toMatchObject([{ rowCount: 3, expectedRowCount: 6 }]);
  });

  it('and one who failed keeps what he had before: the game lacks nothing', async () => {
    await predictGames(request(), context());
    await ready();
    const [first, second] = upcoming(withLine(20.5));
    await prepare([{ ...first!, has_prop_line: false }, second!]);
    await predictGames(request(2), context());
    expect((await told()).completions).toEqual([expect.objectContaining({ rowCount: 6 })]);
    expect(await active()).toHaveLength(6);
  });
});

it('a worker tells where it is, and the last that it told stays', async () => {
  await predictGames({ ...request(), attempt: 3 }, context());
  const [last] = await system.ports.state.query({ collection: heartbeatCollection });
  expect(last).toMatchObject({ ref: { id: request().requestId }, value: { attempt: 3, stage: 'check', beatAt: clock.now() } });
  expect((await system.bus.deliverNext(() => Promise.resolve('ack')))).toBe(true);
});

it('dates whose predictions contradict themselves about their line are counted', async () => {
  await predictGames(request(), context());
  const count = () => loadLineContradictions(system.ports.warehouse, date, date);
  expect(await count()).toEqual([{ game_date: date, predictions: 6, contradicted: 0 }]);
  await system.ports.warehouse.execute({ name: 'spec/contradict', text: `UPDATE \`nba_predictions.player_prop_predictions\` SET has_prop_line = FALSE WHERE game_date = DATE '${date}' AND player_lookup = '${players[0]!}'` });
  expect(await count()).toEqual([{ game_date: date, predictions: 6, contradicted: 3 }]);
});
