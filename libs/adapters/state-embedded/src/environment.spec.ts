import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asPipelineError } from './errors.ts';
import { EmbeddedStateStore, openEmbeddedEnvironment, type Durability } from './index.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-environment-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
const file = () => join(folder, 'state.lmdb');

const durabilities: readonly Durability[] = ['close', 'process', 'disk'];

describe.each(durabilities)('works that are committed together, durable on %s,', (durability) => {
  const open = () => {
    const environment = openEmbeddedEnvironment(file(), durability);
    const notes = environment.table<string, number>({ name: 'notes', keys: 'text', encode: String, decode: Number });
    return { environment, notes, kept: () => [...notes.committedRange()].map(({ key, value }) => [key, value]) };
  };

  it('fail alone: an error of one takes back what it wrote, and nothing of the others', async () => {
    const { environment, notes, kept } = open();
    await environment.commit(() => { notes.write('', 'there', 1); });
    const outcomes = await Promise.allSettled([
      environment.commit(() => { notes.write('', 'a', 1); notes.write('', 'there', 2); }),
      environment.commit(() => { notes.write('', 'a', 3); notes.write('', 'b', 3); notes.write('', 'there', undefined); throw new RangeError('no'); }),
      environment.commit(() => { notes.write('', 'c', (notes.current('a') ?? 0) + (notes.current('b') ?? 0)); }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(kept()).toEqual([['a', 1], ['c', 1], ['there', 2]]);
    await environment.close();
  });

  it('see one another in the order in which they were asked for', async () => {
    const { environment, notes } = open();
    const add = () => environment.commit(() => { notes.write('', 'sum', (notes.current('sum') ?? 0) * 2 + 1); return notes.current('sum'); });
    expect(await Promise.all([add(), add(), add()])).toEqual([1, 3, 7]);
    await environment.close();
  });

  it('are seen by nobody else before they are committed', async () => {
    const { environment, notes } = open();
    const seen: (number | undefined)[] = [];
    const asked = environment.commit(() => { notes.write('', 'a', 1); });
    await environment.commit(() => { seen.push(notes.committed('a')); });
    await asked;
    seen.push(notes.committed('a'));
    expect(seen).toEqual([undefined, 1]);
    await environment.close();
  });

  it('have a number that rises from group to group, over a reopening too', async () => {
    const first = open();
    const number = (environment: typeof first.environment) => environment.commit(() => { first.notes.write('', 'a', environment.group); return environment.group; });
    const [one, same] = await Promise.all([number(first.environment), number(first.environment)]);
    const two = await number(first.environment);
    await first.environment.close();
    const again = open();
    const three = await again.environment.commit(() => again.environment.group);
    expect(same).toBe(one);
    expect(two).toBeGreaterThan(one);
    expect(three).toBeGreaterThan(two);
    await again.environment.close();
  });
});

describe('a closed environment', () => {
  it('refuses reads and writes, and may be closed twice', async () => {
    const environment = openEmbeddedEnvironment(file());
    const state = new EmbeddedStateStore(environment);
    await environment.close();
    await environment.close();
    const refusal = { code: 'state-unavailable', disposition: 'retry' };
    const ref = { collection: 'things', id: 'a' };
    await expect(state.get(ref)).rejects.toMatchObject(refusal);
    await expect(state.create(ref, {})).rejects.toMatchObject(refusal);
    await expect(state.query({ collection: 'things' })).rejects.toMatchObject(refusal);
  });
});

describe('what lmdb does not take', () => {
  const longerThanItsKeys = 'k'.repeat(5_000);

  it.each<[Durability, readonly unknown[]]>([['close', ['kept', 'rejected']], ['process', ['rejected', 'fulfilled']]])('is told with what it said, durable on %s: %j', async (durability, [asked, closed]) => {
    const environment = openEmbeddedEnvironment(file(), durability);
    const notes = environment.table<string, number>({ name: 'notes', keys: 'text', encode: String, decode: Number });
    const [written] = await Promise.allSettled([environment.commit(() => { notes.write('', longerThanItsKeys, 1); return 'kept'; })]);
    const [end] = await Promise.allSettled([environment.close()]);
    expect([written.status === 'fulfilled' ? written.value : written.status, end.status]).toEqual([asked, closed]);
    expect([written, end].find(({ status }) => status === 'rejected')).toMatchObject({ reason: { message: expect.stringMatching(/key|MDB_BAD_VALSIZE/i) as string } });
  });
});

describe('a file that is no environment', () => {
  const refused = expect.objectContaining({ code: 'state-corrupt', disposition: 'reject', message: expect.stringContaining('--dir') as string }) as Error;

  it.each([['other text', 'this is no database'.repeat(10_000)], ['one letter', 'x'], ['zeros', '\0'.repeat(8_192)]])('is refused, and says what to do: %s', (_, content) => {
    writeFileSync(file(), content);
    expect(() => openEmbeddedEnvironment(file())).toThrow(refused);
  });

  it('is refused when only its first page is left, and when it is a folder', async () => {
    await openEmbeddedEnvironment(file()).close();
    truncateSync(file(), 4_096);
    expect(() => openEmbeddedEnvironment(file())).toThrow(refused);
    expect(() => openEmbeddedEnvironment(folder)).toThrow(refused);
  });

  it('is taken when it is empty', async () => {
    writeFileSync(file(), '');
    await openEmbeddedEnvironment(file()).close();
  });
});

describe('an error of lmdb', () => {
  it.each([
    ['MDB_MAP_FULL: Environment mapsize limit reached', 'state-full', 'defer'],
    ['No space left on device', 'state-full', 'defer'],
    ['Disk quota exceeded', 'state-full', 'defer'],
    ['MDB_PANIC: Update of meta page failed or environment had fatal error', 'state-unavailable', 'retry'],
    ['Input/output error', 'state-unavailable', 'retry'],
  ])('%s is %s (%s)', (message, code, disposition) => {
    const cause = new Error(message);
    expect(asPipelineError(cause)).toMatchObject({ code, disposition, cause });
  });

  it('is told from a bug of ours, which comes back as it is', () => {
    const bug = new TypeError('work is not a function');
    expect(asPipelineError(bug)).toBe(bug);
  });
});
