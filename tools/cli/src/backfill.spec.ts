import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VirtualClock } from '@handoff/clock-virtual';
import { gameDate, minutes, parseInstant, seconds, type FilesStored } from '@handoff/contracts';
import type { Row } from '@handoff/contracts';
import { LocalSystem, makePieces } from '@handoff/local';
import { projectSlates } from '@handoff/read-models';
import { loadRecordings, RecordedSource } from '@handoff/sources-recorded';
import { conflictId, noteConflict } from '@handoff/streaming-conflicts';
import { aBoxScore, aGame, asLoaded, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';
import { untilMade } from './until-made.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const date = gameDate('2026-01-24');
const game = '0022500645';
const now = parseInstant('2026-01-25T17:00:00Z');
const box = 'nba_raw.bdl_player_boxscores';

/** A row of another writer, of a game of another day. */
const streamedPlayer = asLoaded(aBoxScore({ game_date: '2026-01-23', nba_game_id: '0022500640', player_lookup: 'guest' }));

let world: CliWorld;
beforeEach(async () => {
  world = new CliWorld(now, root);
  await world.act(async (ports) => {
    const row = { ...aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-24T17:00:00Z') }), home_team_tricode: 'CHA', away_team_tricode: 'WAS', game_code: '20260124/WASCHA' };
    await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(row)] });
    await projectSlates(ports, date);
  });
});
afterEach(() => { world.remove(); });

const backfill = (target: string, ...args: readonly string[]) => world.run('backfill', target, '--from', date, ...args);
const players = async (table: string): Promise<number> => {
  const found: Row[] = [];
  await world.act(async ({ warehouse }) => { found.push(...(await warehouse.query({ name: 'spec/players', text: `SELECT held.player_lookup FROM \`${table}\` AS held WHERE held.game_date = @date` }, { date: { type: 'DATE', value: date } }))); });
  return found.length;
};
const forget = (table: string) => world.act(({ warehouse }) => warehouse.execute({ name: 'spec/forget', text: `DELETE FROM \`${table}\` AS held WHERE held.game_date = @date` }, { date: { type: 'DATE', value: date } }));

it('a missing game is asked for, then loaded again from what is stored, and ends in counts', async () => {
  expect(await backfill('phase2')).toMatchObject({ code: 0, answer: { schema: 'handoff.backfill/1', dryRun: false, counts: { files_found: 0, wanted: 1, loaded: 1, rows: 20, success_rate_pct: 100, skipped: { 'past-tip-off': 3, present: 1 } }, left: [] } });
  expect(await players(box)).toBe(20);
  expect(await backfill(box)).toMatchObject({ code: 0, answer: { counts: { wanted: 0, skipped: { present: 1 }, success_rate_pct: null } } });
  for (const table of [box, 'nba_raw.nbac_player_boxscores', 'nba_raw.espn_boxscores']) await forget(table);
  const again = await backfill(box);
  expect(again).toMatchObject({ code: 0, answer: { counts: { files_processed: expect.any(Number) as number, wanted: 1, loaded: 1 } } });
  expect((again.answer as { counts: { files_found: number } }).counts.files_found).toBeGreaterThan(0);
});

it('goes on to the next phase once its input is there, and not before', async () => {
  expect(await backfill('player_game_summary')).toMatchObject({ code: 0, answer: { counts: { wanted: 0, skipped: { 'inputs-missing': 1 } } } });
  await backfill('phase2');
  await forget('nba_analytics.player_game_summary');
  expect(await backfill('player_game_summary')).toMatchObject({ code: 0, answer: { counts: { wanted: 1, loaded: 1, rows: 20 } } });
  expect(await backfill('player_game_summary', '--force', '--reason', 'a corrected transform')).toMatchObject({ code: 0, answer: { pieces: [{ reason: 'forced' }], counts: { loaded: 1, rows: 20 } } });
});

it('only says what it would do with --dry-run', async () => {
  expect(await backfill('phase2', '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, counts: { wanted: 1, loaded: 0 }, pieces: [{ gameDate: date, output: box, scope: game, reason: 'missing' }] } });
  expect(await players(box)).toBe(0);
});

it('is made of what is deployed too: several dates are sent, and looked for until they are there', async () => {
  const pauses: number[] = [];
  const clock = new VirtualClock(now);
  const system = await LocalSystem.open({ folder: world.folder, clock, sources: new RecordedSource(loadRecordings(join(root, 'tools', 'local', 'recordings', 'nba')), clock), log: silentLog, environment: { SPORT: 'nba' } });
  const pause = async (span: number) => { pauses.push(span); await system.settle(); };
  const request = { sport: 'nba', target: 'phase2', from: date, until: date, games: [], forceReason: undefined } as const;
  const made = await makePieces({ ports: system.system.ports, stepsAtOnce: 10, settled: untilMade({ patience: minutes(1), lookEvery: seconds(10), pause }) }, { request, isDryRun: false });
  await system.close();
  expect(made).toMatchObject({ wanted: [{ scope: game }], left: [], rows: 20 });
  expect(pauses).toEqual([10_000]);
});

it('leaves alone games that are not named', async () => {
  expect(await backfill('phase2', '--games', '0022500646')).toMatchObject({ code: 0, answer: { counts: { wanted: 0 } } });
});

it('refuses what is made of rows that somebody streams, and says when it will not', async () => {
  await backfill('phase2');
  await forget('nba_analytics.player_game_summary');
  const files: FilesStored = { sport: 'nba', purpose: 'live', executionId: 'run', workflow: 'spec', gameDate: date, untilDate: date, files: [{ path: 'ball-dont-lie/player-box-scores/2026-01-24/a.json', contentHash: 'a'.repeat(64) }], fetchedAt: now };
  await world.act(async (ports) => { conflictId(await noteConflict(ports, { table: box, game, gameDate: date, recheck: 0, details: { until: now + 1_200_000 }, files }, now)); });
  expect(await backfill('player_game_summary')).toMatchObject({ code: 1, answer: { counts: { wanted: 0 }, refused: [{ scope: game, reason: 'streaming-buffer', until: '2026-01-25T17:20:00.000Z' }] } });
});

it('refuses every game of a table that somebody streams into, though nobody has noted a conflict', async () => {
  await backfill('phase2');
  await forget('nba_analytics.player_game_summary');
  await world.act((_, { warehouse }) => warehouse.streamInsert(box, [streamedPlayer]));
  expect(await backfill('player_game_summary')).toMatchObject({ code: 1, answer: { counts: { wanted: 0 }, refused: [{ scope: game, reason: 'streaming-buffer', until: '2026-01-25T17:30:00.000Z' }] } });
});

it('does not count as made what somebody begins to stream into while it is waited for', async () => {
  const clock = new VirtualClock(now);
  const system = await LocalSystem.open({ folder: world.folder, clock, sources: new RecordedSource(loadRecordings(join(root, 'tools', 'local', 'recordings', 'nba')), clock), log: silentLog, environment: { SPORT: 'nba' } });
  const request = { sport: 'nba', target: box, from: date, until: date, games: [], forceReason: undefined } as const;
  const made = await makePieces({ ports: system.system.ports, stepsAtOnce: 10, settled: () => system.system.warehouse.streamInsert(box, [streamedPlayer]) }, { request, isDryRun: false });
  await system.close();
  expect(made).toMatchObject({ wanted: [{ scope: game }], left: [{ scope: game }], rows: 0 });
});

it.each([
  [['no_such_output'], 'there is no output or phase no_such_output'],
  [['phase3', '--to', '2026-01-20'], 'swap them'],
  [['phase3', '--force'], 'say why with --reason'],
  [['phase3', '--reason', 'none'], '--reason is for --force'],
  [['phase3', '--games', '20260124_WAS_CHA'], 'no official game id'],
])('%j is a usage error that says what is wrong', async ([target = '', ...args], says) => {
  const { code, answer, told } = await backfill(target, ...args);
  expect([code, answer]).toEqual([64, undefined]);
  expect(told).toContain(says);
});
