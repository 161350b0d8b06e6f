import type { EpochMs, Phase } from '@handoff/contracts';
import { orderOf, planBackfill, sendStep, targetsOf, waysToMake, type BackfillPiece, type BackfillRequest, type BackfillStep, type WayToMake } from '@handoff/flow-backfill-outputs';
import { countGrades, type GradingCounts } from '@handoff/flow-reconcile-day';
import type { Ports } from '@handoff/ports';
import { loadObservedOutputs } from '@handoff/read-models';
import { datesBetween } from '@handoff/slate';

/** Where a backfill is made. */
export interface BackfillPlace {
  readonly ports: Ports;
  /** How many steps are sent before the first of them has been worked on. */
  readonly stepsAtOnce: number;
  /**
   * Returns when what was sent has been worked on, or is not to be waited for any longer.
   *
   * @param countLeft - how many of the pieces that it is about are not there yet; undefined where that cannot be seen: what is
   *   made again by force is there before and after.
   */
  readonly settled: (countLeft: (() => Promise<number>) | undefined) => Promise<unknown>;
}

export interface BackfillWork {
  readonly request: BackfillRequest;
  readonly isDryRun: boolean;
  readonly onProgress?: (progress: { readonly phase: Phase; readonly done: number; readonly total: number }) => void;
}

/** What a backfill came to. */
export interface BackfillOutcome {
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
}

/** Stored answers and messages that a backfill went through. */
interface Tally {
  found: number;
  processed: number;
}

const keyOf = ({ output, gameDate, scope }: BackfillPiece): string => `${gameDate}|${output.name}|${scope}`;
const toMake = (pieces: readonly BackfillPiece[]): readonly BackfillPiece[] => pieces.filter(({ verdict }) => verdict.does === 'make');

/**
 * Makes what is missing in the order of the phases, date by date, each phase from what the one before has brought. One that
 * is cut off goes on where it was when it is ordered again. Failed reads throw; what could not be made is `left`.
 */
export async function makePieces(place: BackfillPlace, work: BackfillWork): Promise<BackfillOutcome> {
  const { ports } = place;
  const { request, isDryRun } = work;
  const now = ports.clock.now();
  const planned = await planBackfill(ports, request);
  const wanted: BackfillPiece[] = [];
  const tally: Tally = { found: 0, processed: 0 };
  const order = orderOf(request, ports);
  for (const phase of [...new Set(targetsOf(request.target).map((output) => output.phase))]) {
    const ofPhase = toMake(isDryRun ? planned : await planBackfill(ports, request)).filter(({ output }) => output.phase === phase);
    wanted.push(...ofPhase);
    if (!isDryRun) await makePhase(place, work, { phase, pieces: ofPhase, ways: waysToMake(phase, order, ports), tally });
  }
  const left = isDryRun ? wanted : await stillWanted(ports, request, wanted);
  return { now, wanted, left, ...skippedOf(planned), files: tally, rows: await rowsOf(ports, request, wanted), ...(await gradingOf(ports, request)) };
}

interface PhaseWork {
  readonly phase: Phase;
  readonly pieces: readonly BackfillPiece[];
  readonly ways: readonly WayToMake[];
  readonly tally: Tally;
}

async function makePhase(place: BackfillPlace, { request, onProgress }: BackfillWork, { phase, pieces, ways, tally }: PhaseWork): Promise<void> {
  let open = pieces;
  for (const way of ways) {
    if (open.length === 0) return;
    const steps = await way(open);
    for (let done = 0; done < steps.length; done += place.stepsAtOnce) {
      const chunk = steps.slice(done, done + place.stepsAtOnce);
      await makeSteps(place, request, { steps: chunk, pieces: open });
      for (const { files } of chunk) {
        tally.found += files;
        tally.processed += files === 0 ? 0 : 1;
      }
      onProgress?.({ phase, done: done + chunk.length, total: steps.length });
    }
    const served = new Set(steps.filter(({ entries }) => entries.length > 0).map(({ gameDate }) => gameDate));
    // What is made again by force is there before and after: it is left open only where nothing could be sent for it.
    open = request.forceReason === undefined ? await stillWanted(place.ports, request, open) : open.filter(({ gameDate }) => !served.has(gameDate));
  }
}

async function makeSteps({ ports, settled }: BackfillPlace, request: BackfillRequest, { steps, pieces }: { readonly steps: readonly BackfillStep[]; readonly pieces: readonly BackfillPiece[] }): Promise<void> {
  for (const step of steps) await sendStep(ports, step);
  const dates = new Set(steps.map(({ gameDate }) => gameDate));
  const about = pieces.filter(({ gameDate }) => dates.has(gameDate));
  await settled(request.forceReason === undefined ? async () => (await stillWanted(ports, request, about)).length : undefined);
}

/** Of some pieces those that are not there, whatever made them wanted: also those that can be made no more, or not yet. */
async function stillWanted(ports: Ports, request: BackfillRequest, pieces: readonly BackfillPiece[]): Promise<readonly BackfillPiece[]> {
  const dates = pieces.map(({ gameDate }) => gameDate).toSorted();
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return [];
  const planned = await planBackfill(ports, { ...request, from, until, forceReason: undefined });
  const open = new Set(planned.filter(({ verdict }) => verdict.reason !== 'present' && verdict.reason !== 'postponed').map(keyOf));
  return pieces.filter((piece) => open.has(keyOf(piece)));
}

function skippedOf(planned: readonly BackfillPiece[]): Pick<BackfillOutcome, 'skipped' | 'refused'> {
  const skipped: Record<string, number> = {};
  for (const { verdict } of planned) if (verdict.does === 'skip') skipped[verdict.reason] = (skipped[verdict.reason] ?? 0) + 1;
  return { skipped, refused: planned.filter(({ verdict }) => verdict.does === 'skip' && verdict.reason === 'streaming-buffer') };
}

async function gradingOf(ports: Ports, { target, from, until }: BackfillRequest): Promise<Pick<BackfillOutcome, 'grading'>> {
  if (!targetsOf(target).some(({ phase }) => phase === 'phase6-grade')) return {};
  return { grading: await countGrades(ports, datesBetween(from, until)) };
}

async function rowsOf({ warehouse }: Ports, { from, until }: BackfillRequest, wanted: readonly BackfillPiece[]): Promise<number> {
  if (wanted.length === 0) return 0;
  const keys = new Set(wanted.map(keyOf));
  const observed = await loadObservedOutputs(warehouse, new Set(wanted.map(({ output }) => output.name)), { from, until });
  return observed.filter((row) => keys.has(`${row.game_date}|${row.output}|${row.scope}`)).reduce((sum, row) => sum + row.row_count, 0);
}
