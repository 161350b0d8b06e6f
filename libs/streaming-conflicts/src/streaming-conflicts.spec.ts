import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conflictRechecks, nextRecheck, tables } from '@handoff/catalogue';
import { gameDate, hours, minutes, OfficialGameId, parseInstant, type FilesStored, type Row } from '@handoff/contracts';
import { publishPendingHistory } from '@handoff/outbox';
import type { MergeRequest, MessageBus } from '@handoff/ports';
import { IncidentNotifier } from '@handoff/notifier-state';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { aBoxScore, asLoaded, ManualClock } from '@handoff/testing';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflictId, noteConflict, openConflicts, resolveConflicts, writeAroundConflicts } from './index.ts';

const table = 'nba_raw.bdl_player_boxscores';
const date = gameDate('2026-01-24');
const games = Array.from({ length: 8 }, (_, index) => OfficialGameId.parse(`002250064${index}`));

let clock: ManualClock;
let folder: string;
let environment: EmbeddedEnvironment;
let warehouse: DuckDbWarehouse;
let state: EmbeddedStateStore;
let notifier: IncidentNotifier;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  folder = mkdtempSync(join(tmpdir(), 'handoff-conflicts-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  notifier = new IncidentNotifier({ state });
  warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), tables, clock });
});
afterEach(async () => {
  await warehouse.close();
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const boxScore = (game: string, points: number): Row => asLoaded(aBoxScore({ game_date: date, nba_game_id: OfficialGameId.parse(game), player_lookup: 'lukadoncic', points }));
const request = (points: number): MergeRequest => ({ table, rows: games.map((game) => boxScore(game, points)), replaceScope: { partitions: [date], column: 'nba_game_id', values: games } });
const write = (points: number) => writeAroundConflicts(warehouse, request(points), 'nba_game_id');
const stream = (which: readonly string[]) => warehouse.streamInsert(table, which.map((game) => boxScore(game, 1)));
const points = async () => (await warehouse.query<{ nba_game_id: string; points: number }>({ name: 'spec/points', text: `SELECT scores.nba_game_id, scores.points FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}' ORDER BY scores.nba_game_id` })).map((row) => row.points);

describe('a write into a table that somebody streams into', () => {
  it('leaves the games in conflict as they are, writes the others, and writes them too when they have left the buffer', async () => {
    await stream(games.slice(0, 3));
    const { written, conflicts } = await write(20);
    expect([written.inserted, conflicts.map(({ unit }) => unit)]).toEqual([5, games.slice(0, 3)]);
    expect(await points()).toEqual([1, 1, 1, 20, 20, 20, 20, 20]);
    clock.advance(minutes(30));
    expect(await write(20)).toMatchObject({ written: { inserted: 0, updated: 3, unchanged: 5 }, conflicts: [] });
    expect(await points()).toEqual([20, 20, 20, 20, 20, 20, 20, 20]);
  });

  it('deletes a game\'s vanished rows where it may, and nowhere else', async () => {
    await write(20);
    await stream(games.slice(0, 1));
    const replaced: MergeRequest = { ...request(20), rows: [] };
    const { written, conflicts } = await writeAroundConflicts(warehouse, replaced, 'nba_game_id');
    expect([written.deleted, conflicts.map(({ unit }) => unit)]).toEqual([7, games.slice(0, 1)]);
  });

  it('passes on every other refusal as it is', async () => {
    await expect(writeAroundConflicts(warehouse, { ...request(20), rows: [boxScore(games[0] ?? '', 1), boxScore(games[0] ?? '', 2)] }, 'nba_game_id')).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
  });
});

describe('the record of a conflict', () => {
  const [game = ''] = games;
  const files: FilesStored = { sport: 'nba', purpose: 'live', executionId: 'run', workflow: 'spec', gameDate: date, untilDate: date, files: [{ path: 'a/b.json', contentHash: 'a'.repeat(64) }], fetchedAt: parseInstant('2026-01-25T10:00:00Z') };
  const note = (recheck: number) => noteConflict({ state, notifier }, { table, game, gameDate: date, recheck, details: {}, files }, clock.now());
  const incidents = async () => (await notifier.incidents()).map(({ cause, count, resolvedAt }) => ({ cause, count, isOpen: resolvedAt === null }));
  async function logged(): Promise<readonly unknown[]> {
    const rows: unknown[][] = [];
    const bus: MessageBus = { publish: async (_, { key, payload }) => { rows.push([payload['version'], payload['retry_count'], payload['resolved'], payload['resolution_method']]); return { messageId: key }; } };
    await publishPendingHistory({ state, bus }, 100);
    rows.sort(([left], [right]) => Number(left) - Number(right));
    return rows;
  }

  it('is one per game and time: told once when the last re-check found it still there, and resolved with its notice', async () => {
    for (const recheck of [0, 0, 1, 1, 2, 3, 3]) await note(recheck);
    expect(await incidents()).toEqual([{ cause: 'streaming-conflict-unresolved', count: 1, isOpen: true }]);
    expect(await resolveConflicts({ state, notifier }, { table, games: [game], method: 'force_mode' }, clock.now())).toBe(1);
    expect(await incidents()).toEqual([{ cause: 'streaming-conflict-unresolved', count: 1, isOpen: false }]);
    expect(await logged()).toEqual([[1, 0, false, null], [2, 1, false, null], [3, 2, false, null], [4, 3, false, null], [5, 3, true, 'force_mode']]);
    expect(await openConflicts(state)).toEqual([]);
  });

  it('found by a later load is another, with re-checks of its own', async () => {
    const first = await note(0);
    for (const recheck of [1, 2, 3]) await note(recheck);
    clock.advance(minutes(60));
    const second = await note(0);
    expect(conflictId(second)).not.toBe(conflictId(first));
    expect(second).toMatchObject({ retryCount: 0, isLeft: false, isOpen: true });
  });

  it('of other games and tables is left alone by an end', async () => {
    await note(0);
    expect(await resolveConflicts({ state, notifier }, { table: 'nba_raw.nbac_player_boxscores', games: [game], method: 'manual' }, clock.now())).toBe(0);
    expect(await openConflicts(state)).toHaveLength(1);
  });

  it('is looked at again after 5, 10 and 20 minutes, then every hour for a day, and then no more', () => {
    expect(conflictRechecks.map((_, index) => nextRecheck(index))).toEqual([minutes(5), minutes(10), minutes(20)]);
    expect(Array.from({ length: 24 }, (_, index) => nextRecheck(3 + index))).toEqual(Array.from({ length: 24 }, () => hours(1)));
    expect(nextRecheck(27)).toBeUndefined();
  });
});
