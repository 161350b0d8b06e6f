import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { PipelineError } from '@handoff/contracts';
import type { Log } from '@handoff/ports';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
import { LocalSystem } from './local-system.ts';
import { makePieces, type BackfillOutcome, type BackfillWork } from './make-pieces.ts';
import { RunFolder } from './run-folder.ts';

export interface BackfillOptions extends BackfillWork {
  readonly folder: string;
  readonly season: RecordedSeason;
  readonly log: (clock: VirtualClock) => Log;
}

/**
 * Makes what a run's folder lacks: what waits there goes first, then one step at a time, each lived through before the next.
 *
 * @throws `folder-empty` (reject) where no run has been, and `folder-in-use` (retry) while a process holds it.
 */
export async function runBackfill({ folder, season, log, ...work }: BackfillOptions): Promise<BackfillOutcome> {
  if (!existsSync(join(folder, 'plan.json'))) throw new PipelineError({ code: 'folder-empty', disposition: 'reject', message: `there is no run in ${folder}: begin one with handoff replay, or name its folder with --dir` });
  return RunFolder.reading(folder, async (now) => {
    const clock = new VirtualClock(now);
    const system = await LocalSystem.open({ folder, clock, sources: new RecordedSource(season, clock), log: log(clock), environment: { SPORT: work.request.sport } });
    try {
      if (!work.isDryRun) await system.settle();
      return await makePieces({ ports: system.system.ports, stepsAtOnce: 1, settled: () => system.settle() }, work);
    } finally {
      await system.close();
    }
  });
}
