import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '@handoff/ports';
import { describeObjectStoreContract, type Opened } from '@handoff/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-objects-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const open = (folder: string): Opened<ObjectStore> => ({
  subject: new FileObjectStore(join(folder, 'objects')),
  close: async () => undefined,
  reopen: async () => open(folder),
  crash: async () => {
    const copy = mkdtempSync(join(root, 'crashed-'));
    cpSync(folder, copy, { recursive: true });
    return open(copy);
  },
});

describeObjectStoreContract('A folder', async () => open(mkdtempSync(join(root, 'fresh-'))));

describe('a folder of objects', () => {
  let folder: string;
  let objects: FileObjectStore;
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'folder-'));
    objects = new FileObjectStore(join(folder, 'objects'));
  });
  const put = (path: string, text = 'text') => objects.put(path, new TextEncoder().encode(text));

  it('leaves nothing partial behind, whether a put succeeds or is refused', async () => {
    await put('a.json');
    await expect(put('a.json/b.json')).rejects.toMatchObject({ code: 'object-path-invalid', disposition: 'reject' });
    await expect(put('a'.repeat(300))).rejects.toMatchObject({ code: 'object-path-invalid' });
    expect(readdirSync(join(folder, 'objects.partial'))).toEqual([]);
  });

  it('does not show what a crash left half written, and is not hindered by it', async () => {
    mkdirSync(join(folder, 'objects.partial'));
    writeFileSync(join(folder, 'objects.partial', '1-1'), 'half a fi');
    await put('a.json');
    expect(await objects.list('')).toEqual([{ path: 'a.json', sizeBytes: 4 }]);
  });

  it('writes nothing outside itself', async () => {
    await expect(put('../outside.json')).rejects.toMatchObject({ code: 'object-path-invalid' });
    await expect(objects.list('../')).rejects.toMatchObject({ code: 'object-path-invalid' });
    expect(existsSync(join(folder, 'outside.json'))).toBe(false);
  });

  it('finds no object where there is a folder', async () => {
    await put('a/b.json');
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'object-not-found' });
    await objects.delete('a');
    expect(await objects.list('')).toHaveLength(1);
  });
});
