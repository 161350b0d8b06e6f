import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLockFiles, stageBundle, type LockFiles } from './stage-bundle.ts';

let root: string;
const name = 'phase2-raw';
const folder = () => join(root, 'dist', 'cloud', name);
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'handoff-bundle-')); });
afterEach(() => { rmSync(root, { recursive: true }); });

function bundled(code: string, dependencies: object = { zod: '4.6.7' }): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'index.mjs'), code);
  writeFileSync(join(folder(), 'index.mjs.map'), '{}');
  writeFileSync(join(folder(), 'package.json'), JSON.stringify({ name, version: '0.1.0', private: true, type: 'module', main: 'index.mjs', dependencies }));
}

/** Locks as Nx would write them, without a workspace. */
const locks = (text: string): LockFiles => ({ graph: { nodes: {}, dependencies: {} }, write: (_manifest, _graph, _project, options) => { writeFileSync(join(options.outputDirectory ?? '', 'package-lock.json'), text); } });
const staged = (text = '{}') => stageBundle(name, { root, commit: '1a2b3c4', locks: locks(text) });

it('a bundle that has not been made is refused with how to make it', () => {
  expect(() => staged()).toThrow(expect.objectContaining({ code: 'bundle-missing', message: expect.stringContaining('npx nx build-cloud phase2-raw') as string }));
});

describe('the digest of a bundle', () => {
  it('is the same for the same files, and says nothing of the commit', () => {
    bundled('one');
    const first = staged();
    expect(first).toMatchObject({ folder: folder(), commit: '1a2b3c4', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(staged().digest).toBe(first.digest);
    expect(stageBundle(name, { root, commit: 'another', locks: locks('{}') }).digest).toBe(first.digest);
  });

  it.each<[string, () => string]>([
    ['the function', () => { bundled('two'); return staged().digest; }],
    ['a version that it needs', () => { bundled('one', { zod: '4.6.6' }); return staged().digest; }],
    ['the lock file', () => { bundled('one'); return staged('{"locked":true}').digest; }],
  ])('is another one where %s is', (_, digestOf) => {
    bundled('one');
    const first = staged().digest;
    expect(digestOf()).not.toBe(first);
  });
});

it('its lock file has what its packages need, at the versions of the workspace, and nothing else', async () => {
  bundled('one', { zod: '4.6.7', winston: '3.19.0' });
  copyFileSync('package-lock.json', join(root, 'package-lock.json'));
  stageBundle(name, { root, commit: '1a2b3c4', locks: await openLockFiles() });
  /** A package may lie elsewhere in the tree, at the same version. */
  const packagesOf = (path: string): readonly string[] => Object.entries((JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version?: string }> }).packages).filter(([where]) => where !== '').map(([where, { version }]) => `${where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${version ?? ''}`);
  const [locked, workspace] = [packagesOf(join(folder(), 'package-lock.json')), new Set(packagesOf('package-lock.json'))];
  expect(locked.filter((one) => !workspace.has(one))).toEqual([]);
  const names = locked.map((one) => one.split(' ')[0]);
  expect(names).toContain('logform');
  expect(names).not.toContain('lmdb');
  expect(readdirSync(folder()).sort()).toEqual(['.gcloudignore', 'index.mjs', 'index.mjs.map', 'package-lock.json', 'package.json']);
}, 60_000);
