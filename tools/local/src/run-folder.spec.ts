import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochMs } from '@handoff/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder, type RunPlan } from './run-folder.ts';

const plan: RunPlan = { schema: 'handoff.run-plan/1', sport: 'nba', from: '2026-01-24', to: '2026-01-24', data: 'sha256:0123456789abcdef' };
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handoff-folder-'));
  folder = join(root, 'run');
});
afterEach(() => { rmSync(root, { recursive: true, force: true }); });

const write = (name: string, text = ''): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
};
const code = (expected: string, disposition: string, words: RegExp): unknown => expect.objectContaining({ code: expected, disposition, message: expect.stringMatching(words) as unknown });
const holding = (): unknown => {
  try {
    return RunFolder.hold(folder, plan);
  } catch (error) {
    return error;
  }
};

describe('a folder', () => {
  it('that does not exist is made, and is a new run', () => {
    const held = RunFolder.hold(folder, plan);
    expect(held).toMatchObject({ isResumed: false, putAside: undefined });
    expect(held.readClock()).toBeUndefined();
    held.release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('that somebody else has filled can be read as it stood, and is gone on with by nobody', async () => {
    write('state.lmdb');
    await expect(RunFolder.reading(folder, () => Promise.resolve())).rejects.toEqual(code('folder-half-written', 'reject', /clock\.json is missing/));
    const at = epochMs(1_769_300_000_000);
    RunFolder.markReadable(folder, at);
    expect(await RunFolder.reading(folder, (now) => Promise.resolve(now))).toBe(at);
    expect(holding()).toEqual(code('folder-half-written', 'reject', /plan\.json is missing/));
  });

  it('of an emulated run is never gone on with, and the embedded run of the same dates is another', () => {
    const emulated: RunPlan = { ...plan, profile: 'emulated' };
    for (const [next, isFirst] of [[emulated, true], [emulated, false], [plan, false]] as const) {
      const held = RunFolder.hold(folder, next);
      expect(held.isResumed).toBe(false);
      expect(held.putAside === undefined).toBe(isFirst);
      held.writeClock(epochMs(1_769_256_000_000));
      held.release();
    }
  });

  it('of the same plan is gone on with, from the clock that was written last', () => {
    const first = RunFolder.hold(folder, plan);
    first.writeClock(epochMs(1_769_256_000_000));
    first.release();
    const again = RunFolder.hold(folder, plan);
    expect(again.isResumed).toBe(true);
    expect(again.readClock()).toBe(1_769_256_000_000);
  });

  it.each<readonly [string, Partial<RunPlan>]>([['other dates', { to: '2026-01-25' }], ['other data', { data: 'sha256:fedcba9876543210' }]])('of %s is put aside whole, and nothing of it is lost or mixed', (_what, other) => {
    const first = RunFolder.hold(folder, { ...plan, ...other });
    first.writeClock(epochMs(1_769_256_000_000));
    const files = ['warehouse.duckdb', 'state.lmdb', 'state.lmdb-journal-a', 'state.lmdb-journal-b'];
    for (const name of files) write(name, `of ${name}`);
    first.release();
    const next = RunFolder.hold(folder, plan);
    expect(next.isResumed).toBe(false);
    expect(next.readClock()).toBeUndefined();
    for (const name of files) expect(readFileSync(join(next.putAside!, name), 'utf8')).toBe(`of ${name}`);
    expect(readdirSync(folder).toSorted()).toEqual(['earlier', 'lock', 'plan.json']);
  });
});

describe('a folder in use', () => {
  it('by a process that lives is refused by its number, and stays locked', () => {
    write('lock', String(process.ppid));
    expect(holding()).toEqual(code('folder-in-use', 'retry', new RegExp(`in use by process ${process.ppid}.*--dir`)));
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });

  it('by another process that has taken it over stays locked when the one before gives up', () => {
    const held = RunFolder.hold(folder, plan);
    write('lock', String(process.ppid));
    held.release();
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(String(process.ppid));
  });

  it('whose lock a look does not see is not written over: the lock is created, or not taken', () => {
    // A link to nothing is there, and is not seen: as a lock that another process takes after the look.
    mkdirSync(folder);
    symlinkSync(join(root, 'nothing'), join(folder, 'lock'));
    expect(holding()).toEqual(code('folder-in-use', 'retry', /in use by process unknown/));
    expect(existsSync(join(root, 'nothing'))).toBe(false);
  });

  it('by a process that is gone is free', () => {
    const gone = spawnSync(process.execPath, ['--version']).pid;
    write('lock', String(gone));
    expect(holding()).toBeInstanceOf(RunFolder);
  });

  it.each([['empty', ''], ['torn', '\0\0'], ['a word', 'me']])('whose lock is %s was cut off while it was taken, and is free', (_what, text) => {
    write('lock', text);
    expect(holding()).toBeInstanceOf(RunFolder);
  });
});

describe('a folder that cannot be gone on with', () => {
  it.each<readonly [string, string, string]>([
    ['a plan that is cut off', 'plan.json', '{"schema":"handoff.run'],
    ['a plan of another version', 'plan.json', '{"schema":"handoff.run-plan/9"}'],
    ['a warehouse without a plan', 'warehouse.duckdb', 'rows'],
    ['a clock without a plan', 'clock.json', '{"now":1769256000000}'],
  ])('%s is half written: one line says what to do, and the lock is given back', (_what, name, text) => {
    write(name, text);
    expect(holding()).toEqual(code('folder-half-written', 'reject', /half written.*remove the folder, or choose another with --dir$/));
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('a clock that is cut off is half written', () => {
    const held = RunFolder.hold(folder, plan);
    write('clock.json', '{"now":17');
    expect(() => held.readClock()).toThrow(/half written/);
  });

  it('a folder with files of others is left alone', () => {
    write('thesis.txt', 'mine');
    expect(holding()).toEqual(code('folder-not-ours', 'reject', /choose an empty folder/));
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('a path that is a file cannot be made a folder', () => {
    writeFileSync(folder, 'a file');
    expect(holding()).toEqual(code('folder-not-writable', 'reject', /choose another folder with --dir/));
  });
});
