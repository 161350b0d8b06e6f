import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { VirtualClock } from '@handoff/clock-virtual';
import { PipelineError, type EpochMs, type Phase } from '@handoff/contracts';
import { orderOf, planBackfill, sendStep, targetsOf, waysToMake, type BackfillOrder, type BackfillPiece, type BackfillRequest } from '@handoff/flow-backfill-outputs';
import { countGrades, type GradingCounts } from '@handoff/flow-reconcile-day';
import type { Log, Ports } from '@handoff/ports';
import { loadObservedOutputs } from '@handoff/read-models';
import { datesBetween } from '@handoff/slate';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
import { LocalSystem } from './local-system.ts';
import { RunFolder } from './run-folder.ts';

export interface BackfillOptions {
  readonly folder: string;
  readonly season: RecordedSeason;
  readonly request: BackfillRequest;
  readonly isDryRun: boolean;
  readonly log: (clock: VirtualClock) => Log;
  readonly onProgress?: (progress: { readonly phase: Phase; readonly done: number; readonly total: number }) => void;
}

/** What a backfill came to. */
export interface BackfillResult {
  readonly now: EpochMs;
  /** What was to be made, or with a dry run would be. */
  readonly wanted: readonly BackfillPiece[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Those that were refused for streamed rows, with the time from which they are not. */
  readonly refused: readonly BackfillPiece[];
  /** Of what was wanted: still not there. */
  readonly left: readonly BackfillPiece[];
  readonly files: { readonly found: number; readonly processed: number };
  readonly rows: number;
  /** Of a backfill of grades: what became of the predictions of its dates. */
  readonly grading?: GradingCounts;
  readonly durationSeconds: number;
}

/** Stored answers and messages that a backfill went through. */
interface Tally {
  found: number;
  processed: number;
}

const keyOf = ({ output, gameDate, scope }: BackfillPiece): string => `${gameDate}|${output.name}|${scope}`;
const toMake = (pieces: readonly BackfillPiece[]): readonly BackfillPiece[] => pieces.filter(({ verdict }) => verdict.does === 'make');

/**
 * Makes what a run's folder lacks, in the order of the phases, date by date: what waits there goes first, then one step
 * at a time, each lived through before the next. One that is cut off goes on where it was when it is ordered again.
 *
 * @throws `folder-empty` (reject) where no run has been, and `folder-in-use` (retry) while a process holds it.
 */
export async function runBackfill({ folder, season, request, isDryRun, log, onProgress }: BackfillOptions): Promise<BackfillResult> {
  if (!existsSync(join(folder, 'plan.json'))) throw new PipelineError({ code: 'folder-empty', disposition: 'reject', message: `there is no run in ${folder}: begin one with handoff replay, or name its folder with --dir` });
  const startedAt = performance.now();
  return RunFolder.reading(folder, async (now) => {
    const clock = new VirtualClock(now);
    const system = await LocalSystem.open({ folder, clock, sources: new RecordedSource(season, clock), log: log(clock), environment: { SPORT: request.sport } });
    try {
      if (!isDryRun) await system.settle();
      const { ports } = system.system;
      const planned = await planBackfill(ports, request);
      const wanted: BackfillPiece[] = [];
      const tally: Tally = { found: 0, processed: 0 };
      const order = orderOf(request, ports);
      for (const phase of [...new Set(targetsOf(request.target).map((output) => output.phase))]) {
        const ofPhase = toMake(isDryRun ? planned : await planBackfill(ports, request)).filter(({ output }) => output.phase === phase);
        wanted.push(...ofPhase);
        if (!isDryRun) await make(system, { request, order, phase, pieces: ofPhase, tally, ...(onProgress === undefined ? {} : { onProgress }) });
      }
      const left = isDryRun ? wanted : await stillWanted(ports, request, wanted);
      return { now, wanted, left, ...skippedOf(planned), files: tally, rows: await rowsOf(ports, request, wanted), ...(await gradingOf(ports, request)), durationSeconds: Math.round(performance.now() - startedAt) / 1_000 };
    } finally {
      await system.close();
    }
  });
}

interface Making extends Pick<BackfillOptions, 'request' | 'onProgress'> {
  readonly order: BackfillOrder;
  readonly phase: Phase;
  readonly pieces: readonly BackfillPiece[];
  readonly tally: Tally;
}

async function make(system: LocalSystem, { request, order, phase, pieces, tally, onProgress }: Making): Promise<void> {
  const { ports } = system.system;
  let open = pieces;
  for (const way of waysToMake(phase, order, ports)) {
    if (open.length === 0) return;
    const steps = await way(open);
    for (const [done, step] of steps.entries()) {
      await sendStep(ports, step);
      await system.settle();
      tally.found += step.files;
      tally.processed += step.files === 0 ? 0 : 1;
      onProgress?.({ phase, done: done + 1, total: steps.length });
    }
    const served = new Set(steps.filter(({ entries }) => entries.length > 0).map(({ gameDate }) => gameDate));
    // What is made again by force is there before and after: it is left open only where nothing could be sent for it.
    open = request.forceReason === undefined ? await stillWanted(ports, request, open) : open.filter(({ gameDate }) => !served.has(gameDate));
  }
}

/** Of some pieces those that are not there, whatever made them wanted. */
async function stillWanted(ports: Ports, request: BackfillRequest, pieces: readonly BackfillPiece[]): Promise<readonly BackfillPiece[]> {
  const open = new Set(toMake(await planBackfill(ports, { ...request, forceReason: undefined })).map(keyOf));
  return pieces.filter((piece) => open.has(keyOf(piece)));
}

function skippedOf(planned: readonly BackfillPiece[]): Pick<BackfillResult, 'skipped' | 'refused'> {
  const skipped: Record<string, number> = {};
  for (const { verdict } of planned) if (verdict.does === 'skip') skipped[verdict.reason] = (skipped[verdict.reason] ?? 0) + 1;
  return { skipped, refused: planned.filter(({ verdict }) => verdict.does === 'skip' && verdict.reason === 'streaming-buffer') };
}

async function gradingOf(ports: Ports, { target, from, until }: BackfillRequest): Promise<Pick<BackfillResult, 'grading'>> {
  if (!targetsOf(target).some(({ phase }) => phase === 'phase6-grade')) return {};
  return { grading: await countGrades(ports, datesBetween(from, until)) };
}

async function rowsOf({ warehouse }: Ports, { from, until }: BackfillRequest, wanted: readonly BackfillPiece[]): Promise<number> {
  if (wanted.length === 0) return 0;
  const keys = new Set(wanted.map(keyOf));
  const observed = await loadObservedOutputs(warehouse, new Set(wanted.map(({ output }) => output.name)), { from, until });
  return observed.filter((row) => keys.has(`${row.game_date}|${row.output}|${row.scope}`)).reduce((sum, row) => sum + row.row_count, 0);
}
