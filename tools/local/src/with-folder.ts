import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { Log } from '@handoff/ports';
import { RunFolder } from './run-folder.ts';

export interface FolderRequest {
  readonly folder: string;
  readonly log: Log;
}

/**
 * Opens the stores of a run's folder for one command, at the folder's own time, and closes them after it. What the
 * command leaves in the outbox is sent when the run goes on.
 *
 * @throws `folder-empty` (reject) where no run has been, and `folder-in-use` (retry) while a process holds it.
 */
export async function withFolder<Result>({ folder, log }: FolderRequest, act: (system: EmbeddedSystem, now: EpochMs) => Promise<Result>): Promise<Result> {
  // What a simulation has left has no plan: nothing goes on from it.
  if (!['plan.json', 'clock.json'].some((file) => existsSync(join(folder, file)))) throw new PipelineError({ code: 'folder-empty', disposition: 'reject', message: `there is no run in ${folder}: begin one with handoff replay, or name its folder with --dir` });
  return RunFolder.reading(folder, async (now) => {
    const system = await openEmbedded({ folder, clock: new VirtualClock(now), log, sources: { fetch: () => Promise.reject(new RangeError('a command asks no source')) } });
    try {
      return await act(system, now);
    } finally {
      await system.close();
    }
  });
}
