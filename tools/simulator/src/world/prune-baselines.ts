import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A season that was loaded, or the outcome of a clean run, as the simulator names them, with a process's number while it is made. */
const baseline = /^(?:history|clean)-.+-[0-9a-f]{16}(?:\.json)?(?:\.\d+)?$/;

/**
 * Removes the baselines in a folder that were made before a moment, and nothing else. Each is of some dates and one
 * version of the code, takes some 20 MB, and is made again by whoever needs it.
 *
 * @param before - milliseconds, on the clock of the file system.
 * @returns how many there were.
 */
export function pruneBaselines(folder: string, before: number): number {
  if (!existsSync(folder)) return 0;
  const old = readdirSync(folder).filter((name) => baseline.test(name) && (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < before);
  // Another process may remove the same at this moment.
  for (const name of old) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  return old.length;
}
