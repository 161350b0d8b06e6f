import type { ObjectStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = async (objects: ObjectStore, path: string): Promise<string> => new TextDecoder().decode(await objects.get(path));
const pathsOf = async (objects: ObjectStore, prefix: string): Promise<readonly string[]> => (await objects.list(prefix)).map(({ path }) => path);
const json = { contentType: 'application/json' };

/** What every adapter of the ObjectStore port does. `open` gives an empty store. */
export function describeObjectStoreContract(name: string, open: Open<ObjectStore>): void {
  describe(`${name} keeps the object store contract`, () => {
    const opening = closedAfterEach(open);
    describeFiles(opening);
    describeLists(opening);
  });
}

function describeFiles(open: Open<ObjectStore>): void {
  it('gives back the bytes that were put, whatever they are', async () => {
    const { subject: objects } = await open();
    const every = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    await objects.put('a/b/every.bin', every, { contentType: 'application/octet-stream', cacheSeconds: 60 });
    expect([...(await objects.get('a/b/every.bin'))]).toEqual([...every]);
    await objects.put('empty', new Uint8Array(), json);
    expect(await textOf(objects, 'empty')).toBe('');
  });

  it('replaces a file by a longer and a shorter one', async () => {
    const { subject: objects } = await open();
    for (const text of ['some', 'something', 'so']) {
      await objects.put('a.json', bytes(text), json);
      expect(await textOf(objects, 'a.json')).toBe(text);
    }
  });

  it('keeps one whole file of 20 that are put at once', async () => {
    const { subject: objects } = await open();
    const bodies = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(bodies.map((body) => objects.put('a/raced.json', bytes(body), json)));
    expect(bodies).toContain(await textOf(objects, 'a/raced.json'));
    expect(await pathsOf(objects, '')).toEqual(['a/raced.json']);
  });

  it('shows a reader the old file or the new one, whole, while it is being replaced', async () => {
    const { subject: objects } = await open();
    const versions = ['old', 'new'].map((word) => word.repeat(300_000));
    await objects.put('a.json', bytes(versions[0]!), json);
    for (let round = 1; round <= 6; round += 1) {
      const reads = Array.from({ length: 20 }, () => textOf(objects, 'a.json'));
      await objects.put('a.json', bytes(versions[round % 2]!), json);
      for (const read of await Promise.all(reads)) expect(versions.includes(read)).toBe(true);
    }
  });

  it('refuses to get what is not there, and says so', async () => {
    const { subject: objects } = await open();
    await expect(objects.get('a/missing.json')).rejects.toMatchObject({ code: 'object-not-found', disposition: 'reject' });
  });

  it('deletes a file, and does not mind when it is not there', async () => {
    const { subject: objects } = await open();
    await objects.put('a/b.json', bytes('{}'), json);
    await objects.delete('a/b.json');
    await objects.delete('a/b.json');
    await expect(objects.get('a/b.json')).rejects.toMatchObject({ code: 'object-not-found' });
    expect(await pathsOf(objects, '')).toEqual([]);
  });

  it.each(['reopen', 'crash'] as const)('has what was put after a %s', async (how) => {
    const opened = await open();
    await opened.subject.put('a/b.json', bytes('kept'), json);
    expect(await textOf((await opened[how]()).subject, 'a/b.json')).toBe('kept');
  });

  it.each(['../outside.json', 'a/../../outside.json', '/etc/outside.json', '', '.', 'a/..', 'a//b', 'a/./b', 'a/'])('refuses the path "%s"', async (path) => {
    const { subject: objects } = await open();
    const refusal = { code: 'object-path-invalid', disposition: 'reject' };
    await expect(objects.put(path, bytes('x'), json)).rejects.toMatchObject(refusal);
    await expect(objects.get(path)).rejects.toMatchObject(refusal);
    await expect(objects.delete(path)).rejects.toMatchObject(refusal);
  });
}

function describeLists(open: Open<ObjectStore>): void {
  it('lists by prefix of the whole path, which may end inside a name, in order of path, with sizes', async () => {
    const { subject: objects } = await open();
    for (const path of ['b/2/x.json', 'a/10.json', 'a/9.json', 'ab/1.json', 'a/9/deep.json', 'a.json']) await objects.put(path.replace('a/9/', 'a/9-/'), bytes(path), json);
    expect(await objects.list('a/9')).toEqual([{ path: 'a/9-/deep.json', sizeBytes: 13 }, { path: 'a/9.json', sizeBytes: 8 }]);
    expect(await pathsOf(objects, 'a')).toEqual(['a.json', 'a/10.json', 'a/9-/deep.json', 'a/9.json', 'ab/1.json']);
    expect(await pathsOf(objects, 'b/2/')).toEqual(['b/2/x.json']);
    expect(await pathsOf(objects, 'c')).toEqual([]);
    expect(await pathsOf(objects, '')).toHaveLength(6);
  });

  it('lists nothing in a store that holds nothing', async () => {
    const { subject: objects } = await open();
    expect(await objects.list('')).toEqual([]);
  });

  it('lists names with spaces, other scripts and percent signs as they were put', async () => {
    const { subject: objects } = await open();
    const paths = ['a b/Dončić 100%.json', 'a b/x.partial', 'a b/é?#.json'];
    for (const path of paths) await objects.put(path, bytes('x'), json);
    expect(await pathsOf(objects, 'a b/')).toEqual(paths);
  });
}
