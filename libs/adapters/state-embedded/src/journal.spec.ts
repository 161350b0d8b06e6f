import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedStateStore, openEmbeddedEnvironment, type Durability } from './index.ts';
import { hasJournal, Journal, journalFiles, recordsAfter } from './journal.ts';
import { decodeChanges, encodeChange, type JournaledChange } from './journaled-changes.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handoff-journal-'));
  folder = mkdtempSync(join(root, 'folder-'));
});
afterEach(() => { rmSync(root, { recursive: true, force: true }); });
const file = () => join(folder, 'state.lmdb');
const groupsAfter = (group: number) => recordsAfter(file(), group).map((record) => record.group);

describe('what the journal gives back', () => {
  const written = async (journal: Journal, groups: readonly number[]) => { for (const group of groups) await journal.append({ group, payload: `of ${group} é` }); };

  it('is every record that follows a group, in order, over both files', async () => {
    const journal = new Journal(file());
    await written(journal, [1, 2, 3]);
    journal.turn();
    await written(journal, [4, 5]);
    journal.close();
    expect(recordsAfter(file(), 2)).toEqual([3, 4, 5].map((group) => ({ group, payload: `of ${group} é` })));
    expect(groupsAfter(5)).toEqual([]);
  });

  it('ends where a record is cut off, or is not what was written', async () => {
    const journal = new Journal(file());
    await written(journal, [1, 2]);
    const length = journal.length;
    await written(journal, [3]);
    journal.close();
    const [name] = journalFiles(file());
    const bytes = readFileSync(name);
    writeFileSync(name, Buffer.concat([bytes.subarray(0, length + 20), Buffer.from('?'), bytes.subarray(length + 21)]));
    expect(groupsAfter(0)).toEqual([1, 2]);
    truncateSync(name, length + 10);
    expect(groupsAfter(0)).toEqual([1, 2]);
  });

  it('takes nothing of an earlier turn for new, and nothing beyond a gap', async () => {
    const journal = new Journal(file());
    await written(journal, [1, 2, 3]);
    journal.turn();
    await written(journal, [4]);
    journal.turn();
    await written(journal, [5]);
    journal.close();
    expect(groupsAfter(3)).toEqual([4, 5]);
    expect(groupsAfter(2)).toEqual([]);
  });
});

it('changes come back from their text as they went in, whatever they hold', () => {
  const changes: readonly JournaledChange[] = [
    { table: 'state', key: 'notes/é 東\n1 2\u0000', text: '{"a":"\\n b 3 4\\n"}' }, { table: 'bus', key: 12, text: undefined }, { table: 'state', key: '1', text: '' }, { table: 'bus', key: 0, text: '"\u{1F3C0}"' },
  ];
  expect([...decodeChanges(changes.map(encodeChange).join(''))]).toEqual(changes);
});

describe('an environment that flushes', () => {
  const ref = (id: string) => ({ collection: 'things', id });
  const open = (from: string, durability: Durability = 'disk') => {
    const environment = openEmbeddedEnvironment(join(from, 'state.lmdb'), durability);
    return { environment, state: new EmbeddedStateStore(environment) };
  };
  /** As much of the folder as a process that dies now leaves. */
  const copied = () => {
    const copy = mkdtempSync(join(root, 'died-'));
    cpSync(folder, copy, { recursive: true, filter: (source) => !source.endsWith('-lock') });
    return copy;
  };
  const idsIn = async (state: EmbeddedStateStore) => (await state.query({ collection: 'things' })).map(({ ref: { id } }) => id);

  it('has everything in lmdb when it is closed, and no journal beside it', async () => {
    const { environment, state } = open(folder);
    await state.create(ref('a'), { by: 'ann' });
    expect(hasJournal(file())).toBe(true);
    await environment.close();
    expect(hasJournal(file())).toBe(false);
    const again = open(folder, 'process');
    expect(await again.state.get(ref('a'))).toMatchObject({ value: { by: 'ann' } });
    await again.environment.close();
  });

  it('loses nothing over turns of its journal: what is in lmdb, on its way and journaled is one', async () => {
    const { environment, state } = open(folder);
    const text = 'x'.repeat(2 ** 20);
    const ids = Array.from({ length: 40 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    for (const id of ids) {
      await state.create(ref(id), { id, text });
      if (id.endsWith('5')) await state.batch([{ kind: 'delete', ref: ref(id) }]);
    }
    const kept = ids.filter((id) => !id.endsWith('5'));
    expect(await idsIn(state)).toEqual(kept);
    const died = open(copied());
    expect(await idsIn(died.state)).toEqual(kept);
    await expect(died.state.create(ref('n39'), {})).rejects.toMatchObject({ code: 'state-already-exists' });
    await died.environment.close();
    await environment.close();
    expect(statSync(file()).size).toBeGreaterThan(kept.length * text.length);
  });

  it('puts the number of a group behind what the group wrote, into whichever tables', async () => {
    const { environment, state } = open(folder);
    const before = environment.group - 1;
    const notes = environment.table<string, number>({ name: 'notes', keys: 'text', encode: String, decode: Number });
    await Promise.all([state.create(ref('a'), {}), environment.commit(() => { notes.write('', 'n', 1); })]);
    await state.create(ref('b'), {});
    const tables = recordsAfter(file(), before).map(({ payload }) => [...decodeChanges(payload)].map(({ table }) => table));
    await environment.close();
    expect(tables.length).toBeGreaterThan(0);
    for (const inOrder of tables) expect(inOrder.indexOf('environment')).toBe(inOrder.length - 1);
  });

  it('is recovered as safely whichever durability it is opened with, twice in a row too', async () => {
    const { environment, state } = open(folder);
    await state.create(ref('a'), {});
    const first = copied();
    const once = open(first, 'process');
    await once.state.create(ref('b'), {});
    await once.environment.close();
    const twice = open(first);
    await twice.state.create(ref('c'), {});
    expect(await idsIn(twice.state)).toEqual(['a', 'b', 'c']);
    await twice.environment.close();
    await environment.close();
  });
});
