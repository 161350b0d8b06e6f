import { conflictRechecks } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, minutes, OfficialGameId, parseInstant, type Row } from '@handoff/contracts';
import { publishPendingHistory } from '@handoff/outbox';
import type { MergeRequest } from '@handoff/ports';
import { aBoxScore, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflictId, noteConflict, openConflicts, resolveConflicts, writeAroundConflicts } from './index.ts';

const table = 'nba_raw.bdl_player_boxscores';
const date = gameDate('2026-01-24');
const games = Array.from({ length: 8 }, (_, index) => OfficialGameId.parse(`002250064${index}`));

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const boxScore = (game: string, points: number): Row => asLoaded(aBoxScore({ game_date: date, nba_game_id: OfficialGameId.parse(game), player_lookup: 'lukadoncic', points }));
const request = (points: number): MergeRequest => ({ table, rows: games.map((game) => boxScore(game, points)), replaceScope: { partitions: [date], column: 'nba_game_id', values: games } });
const write = (points: number) => writeAroundConflicts(system.ports.warehouse, request(points), 'nba_game_id');
const stream = (which: readonly string[]) => system.warehouse.streamInsert(table, which.map((game) => boxScore(game, 1)));
const points = async () => (await system.ports.warehouse.query<{ nba_game_id: string; points: number }>({ name: 'spec/points', text: `SELECT scores.nba_game_id, scores.points FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}' ORDER BY scores.nba_game_id` })).map((row) => row.points);

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
    const { written, conflicts } = await writeAroundConflicts(system.ports.warehouse, replaced, 'nba_game_id');
    expect([written.deleted, conflicts.map(({ unit }) => unit)]).toEqual([7, games.slice(0, 1)]);
  });

  it('passes on every other refusal as it is', async () => {
    await expect(writeAroundConflicts(system.ports.warehouse, { ...request(20), rows: [boxScore(games[0] ?? '', 1), boxScore(games[0] ?? '', 2)] }, 'nba_game_id')).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
  });
});

describe('the record of a conflict', () => {
  const [game = ''] = games;
  const note = (recheck: number) => noteConflict(system.ports, { table, game, gameDate: date, recheck, details: {} }, clock.now());
  const incidents = async () => (await system.notifier.incidents()).map(({ cause, count, resolvedAt }) => ({ cause, count, isOpen: resolvedAt === null }));
  async function logged(): Promise<readonly unknown[]> {
    await publishPendingHistory(system.ports, 100);
    const rows: unknown[] = [];
    while (await system.bus.deliverNext(({ message: { payload } }) => { rows.push([payload['retry_count'], payload['resolved'], payload['resolution_method']]); return Promise.resolve('ack'); }));
    return rows;
  }

  it('is one per game and time: told once when the last re-check found it still there, and resolved with its notice', async () => {
    for (const recheck of [0, 0, 1, 1, 2, 3, 3]) await note(recheck);
    expect(await incidents()).toEqual([{ cause: 'streaming-conflict-unresolved', count: 1, isOpen: true }]);
    expect(await resolveConflicts(system.ports, { table, games: [game], method: 'force_mode' }, clock.now())).toBe(1);
    expect(await incidents()).toEqual([{ cause: 'streaming-conflict-unresolved', count: 1, isOpen: false }]);
    expect(await logged()).toEqual([[0, false, null], [1, false, null], [2, false, null], [3, false, null], [3, true, 'force_mode']]);
    expect(await openConflicts(system.ports.state)).toEqual([]);
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
    expect(await resolveConflicts(system.ports, { table: 'nba_raw.nbac_player_boxscores', games: [game], method: 'manual' }, clock.now())).toBe(0);
    expect(await openConflicts(system.ports.state)).toHaveLength(1);
  });

  it('has as many re-checks as the catalogue, each later than the one before', () => {
    expect(conflictRechecks).toEqual([...conflictRechecks].sort((left, right) => left - right));
  });
});
