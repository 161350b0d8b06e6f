import { constants, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import type { GameDate, Sport } from '@handoff/contracts';
import { loadHistory, spanOfRun, type HistoryProgress } from '@handoff/local';
import type { Log } from '@handoff/ports';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { openSimulation } from './simulated-system.ts';

export interface HistoryFolderOptions {
  readonly sport: Sport;
  readonly from: GameDate;
  readonly season: RecordedSeason;
  readonly log: Log;
  readonly onHistory?: (progress: HistoryProgress) => void;
}

/**
 * Makes a folder in which the season before a date is loaded, by the product's own way of loading history, without
 * faults. A folder that is there already is left as it is: it is moved into place whole.
 */
export async function ensureHistory(folder: string, options: HistoryFolderOptions): Promise<void> {
  if (existsSync(folder)) return;
  const partial = `${folder}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  const { startAt } = spanOfRun(options.from, options.from);
  const { system } = await openSimulation({ ...options, folder: partial, clock: new VirtualClock(startAt), seed: 1, config: {}, faults: [], isKept: true });
  try {
    await loadHistory(system, options);
    await system.runUntil(startAt);
  } finally {
    await system.close();
  }
  moveIntoPlace(partial, folder);
}

/** Another process may have been first. */
function moveIntoPlace(partial: string, folder: string): void {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(partial, { recursive: true });
  }
}

/** Files that are replaced whole and never written in place: two folders may share them. */
const shareable = 'objects';

/** Makes a folder of one's own out of one with history in it. */
export function copyHistory(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  copyFolder(from, to, false);
}

function copyFolder(from: string, to: string, isShareable: boolean): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      copyFolder(source, target, isShareable || entry.name === shareable);
    } else if (isShareable) shareFile(source, target);
    else copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
}

/** A link where both are on one file system, else a copy. */
function shareFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    copyFileSync(source, target);
  }
}
