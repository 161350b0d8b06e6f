import { gameDate, parseInstant, type FilesStored } from '@handoff/contracts';
import { conflictId, noteConflict, type ConflictDocument } from '@handoff/streaming-conflicts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const now = parseInstant('2026-01-25T11:00:00Z');
const date = gameDate('2026-01-24');
const files: FilesStored = { sport: 'nba', purpose: 'live', executionId: 'run', workflow: 'spec', gameDate: date, untilDate: date, files: [{ path: 'ball-dont-lie/player-box-scores/2026-01-24/a.json', contentHash: 'a'.repeat(64) }], fetchedAt: now };

let world: CliWorld;
beforeEach(() => { world = new CliWorld(now); });
afterEach(() => { world.remove(); });

const conflicts = (...args: readonly string[]) => world.run('conflicts', ...args);
async function found(recheck: number): Promise<ConflictDocument> {
  const made: ConflictDocument[] = [];
  await world.act(async (ports) => { made.push(await noteConflict(ports, { table: 'nba_raw.bdl_player_boxscores', game: '0022500642', gameDate: date, recheck, details: {}, files }, now)); });
  return made[0]!;
}

it('none is fine', async () => {
  await world.act(() => Promise.resolve());
  expect(await conflicts('list')).toMatchObject({ code: 0, answer: { schema: 'handoff.conflicts/1', conflicts: [] } });
});

it.each([[0, 1], [3, 2]])('one after %i re-checks ends with %i', async (rechecks, code) => {
  const conflict = await found(rechecks);
  expect(await conflicts('list')).toMatchObject({ code, answer: { conflicts: [{ id: conflictId(conflict), game: '0022500642', rechecks, isLeft: rechecks === 3 }] } });
});

it('is only shown by a dry run, and a file that is gone is an error that leaves it open', async () => {
  const id = conflictId(await found(3));
  expect(await conflicts('force', id, '--reason', 'needed', '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, outcome: 'not forced' } });
  const { code, told } = await conflicts('force', id, '--reason', 'needed');
  expect(code).toBe(2);
  expect(told).toContain('object-not-found');
  expect((await conflicts('list')).code).toBe(2);
});

it.each([[['force', 'x', '--reason', 'y'], 'there is no conflict x'], [['force', 'x'], 'required option']])('%j is a usage error that says what is wrong', async (args, says) => {
  await found(0);
  const { code, told } = await conflicts(...args);
  expect(code).toBe(64);
  expect(told).toContain(says);
});
