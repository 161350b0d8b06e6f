import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { epochMs, PipelineError, type EpochMs } from '@handoff/contracts';
import { z } from 'zod';

/** What a folder holds: one replay of one range of one set of recordings. `profile` is absent for the embedded one. */
export const RunPlan = z.object({ schema: z.literal('handoff.run-plan/1'), sport: z.string(), from: z.iso.date(), to: z.iso.date(), data: z.string(), profile: z.literal('emulated').optional() });
export type RunPlan = z.infer<typeof RunPlan>;

const ClockFile = z.object({ now: z.int() });

/** Everything that a run writes into its folder, besides the lock. */
const contents = ['plan.json', 'clock.json', 'warehouse.duckdb', 'warehouse.duckdb.wal', 'state.lmdb', 'state.lmdb-lock', 'state.lmdb-journal-a', 'state.lmdb-journal-b', 'objects'] as const;

/**
 * The folder of a run, held by one process. A folder with the same plan is gone on with; one with another
 * plan is put aside as a whole, under `earlier/`, so that nothing is lost and nothing is mixed.
 */
export class RunFolder {
  readonly path: string;
  /** True when an earlier process has begun this run. */
  readonly isResumed: boolean;
  /** Where another run that was in the folder was moved to. */
  readonly putAside: string | undefined;

  private constructor(path: string, isResumed: boolean, putAside: string | undefined) {
    this.path = path;
    this.isResumed = isResumed;
    this.putAside = putAside;
  }

  /**
   * @throws `folder-in-use` (retry) while another process holds it, `folder-half-written` and `folder-not-ours`
   *   (reject) when it cannot be gone on with.
   */
  static hold(path: string, plan: RunPlan): RunFolder {
    createFolder(path);
    takeLock(path);
    try {
      const known = readPlan(path);
      // Of an emulated run the folder has the objects alone: nothing to go on from.
      const isSame = plan.profile === undefined && known !== undefined && JSON.stringify(known) === JSON.stringify(plan);
      const putAside = known === undefined || isSame ? undefined : moveAside(path, known);
      if (!isSame) writeWhole(join(path, 'plan.json'), plan);
      return new RunFolder(path, isSame, putAside);
    } catch (error) {
      releaseLock(path);
      throw error;
    }
  }

  /**
   * Holds a folder while its run is read, at the last moment at which nothing was in hand.
   *
   * @throws `folder-in-use` (retry) while another process holds it, and `folder-half-written` (reject).
   */
  static async reading<Result>(path: string, read: (now: EpochMs) => Promise<Result>): Promise<Result> {
    takeLock(path);
    const folder = new RunFolder(path, true, undefined);
    try {
      const now = folder.readClock();
      if (now === undefined) throw halfWritten(path, 'clock.json is missing');
      return await read(now);
    } finally {
      folder.release();
    }
  }

  /** Lets `reading` read a folder that somebody has filled without holding it, as it stood at that moment. */
  static markReadable(path: string, now: EpochMs): void {
    writeWhole(join(path, 'clock.json'), { now });
  }

  /** The last moment at which nothing was in hand; undefined before the first. */
  readClock(): EpochMs | undefined {
    const file = join(this.path, 'clock.json');
    if (!existsSync(file)) return undefined;
    return epochMs(parseFile(file, ClockFile).now);
  }

  writeClock(now: EpochMs): void {
    RunFolder.markReadable(this.path, now);
  }

  release(): void {
    releaseLock(this.path);
  }
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new PipelineError({ code: 'folder-not-writable', disposition: 'reject', message: `${path} cannot be made: choose another folder with --dir`, facts: { folder: path }, cause });
  }
}

/** Creates the lock, which one of any number of processes can; a lock that nobody holds is taken away before. */
function takeLock(path: string): void {
  const lock = join(path, 'lock');
  for (let turn = 1; !isCreated(path, lock); turn += 1) {
    const holder = settledHolderOf(lock);
    const isHeld = isNumbered(holder) && holder !== process.pid && isAlive(holder);
    if (isHeld || turn === turnsMax) throw inUse(path, holder);
    // Another process that found nobody may have taken the lock meanwhile.
    if (holder !== undefined && Object.is(holderOf(lock), holder)) rmSync(lock, { force: true });
  }
}

/** Turns of a process that finds a lock which nobody holds: another may take the lock whenever this one takes it away. */
const turnsMax = 3;
/** Much longer than a process needs from creating a lock to writing its number into it. */
const writingMs = 50;

/** A lock without a number is being written, or was cut off at that: nobody holds it then. 0 would ask about our own group. */
function settledHolderOf(lock: string): number | undefined {
  const holder = holderOf(lock);
  if (holder === undefined || isNumbered(holder)) return holder;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, writingMs);
  return holderOf(lock);
}

const isNumbered = (holder: number | undefined): holder is number => holder !== undefined && holder > 0;

function isCreated(path: string, lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw new PipelineError({ code: 'folder-not-writable', disposition: 'reject', message: `${path} cannot be written to: free some space, or choose another folder with --dir`, facts: { folder: path }, cause });
  }
}

/** Who has written the lock: not a number where it was cut off, undefined where there is none. */
function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the lock away if it is ours: another process may have taken over one that seemed to be nobody's. */
function releaseLock(path: string): void {
  const lock = join(path, 'lock');
  if (holderOf(lock) === process.pid) rmSync(lock, { force: true });
}

const inUse = (path: string, holder: number | undefined): PipelineError =>
  new PipelineError({ code: 'folder-in-use', disposition: 'retry', message: `${path} is in use by process ${holder ?? 'unknown'}: wait for it, or choose another folder with --dir`, facts: { folder: path, holder: holder ?? null } });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too; only a missing one is gone.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readPlan(path: string): RunPlan | undefined {
  const file = join(path, 'plan.json');
  if (existsSync(file)) return parseFile(file, RunPlan);
  const found = readdirSync(path).filter((name) => name !== 'lock');
  if (found.some((name) => contents.some((known) => known === name))) throw halfWritten(path, 'plan.json is missing');
  if (found.some((name) => name !== 'earlier')) {
    throw new PipelineError({ code: 'folder-not-ours', disposition: 'reject', message: `${path} holds other files and no run of ours: choose an empty folder with --dir`, facts: { folder: path } });
  }
  return undefined;
}

function parseFile<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw halfWritten(file, 'it cannot be read', cause);
  }
}

function halfWritten(path: string, problem: string, cause?: unknown): PipelineError {
  return new PipelineError({ code: 'folder-half-written', disposition: 'reject', message: `${path} is half written (${problem}): remove the folder, or choose another with --dir`, facts: { folder: path }, cause });
}

function moveAside(path: string, plan: RunPlan): string {
  const target = join(path, 'earlier', `${plan.sport}_${plan.from}_${plan.to}_${plan.data.replace('sha256:', '').slice(0, 8)}${plan.profile === undefined ? '' : `_${plan.profile}`}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of contents) if (existsSync(join(path, name))) renameSync(join(path, name), join(target, name));
  return target;
}

function writeWhole(file: string, value: unknown): void {
  try {
    writeFileSync(`${file}.partial`, JSON.stringify(value));
    renameSync(`${file}.partial`, file);
  } catch (cause) {
    const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    throw new PipelineError({
      code: isFull ? 'folder-full' : 'folder-not-writable',
      disposition: 'defer',
      message: isFull ? `no space left to write ${file}: free some and run the same again, it goes on from here; or choose another folder with --dir` : `${file} cannot be written: choose another folder with --dir`,
      facts: { file },
      cause,
    });
  }
}
