import { z } from 'zod';
import { SimulationReport } from '../report/report.ts';
import type { RandomRunsReport } from './random-runs.ts';

/** One lane's share of a range of seeds: every so many of them from its first on. */
export interface LaneShare {
  readonly seed: number;
  readonly every: number;
  readonly runs: number;
}

/** Deals the seeds out to lanes in turn, so that lanes of equal speed are equally far. No lane is without a seed. */
export function dealSeeds(seed: number, runs: number, lanesMax: number): readonly LaneShare[] {
  const every = Math.max(1, Math.min(lanesMax, runs));
  return Array.from({ length: every }, (_, lane) => ({ seed: seed + lane, every, runs: Math.ceil((runs - lane) / every) }));
}

/** What lanes lived through, as one run would report it: in order of seeds, to be gone on with at the first that is missing. */
export function joinLanes(seed: number, reports: readonly RandomRunsReport[]): RandomRunsReport {
  const [first] = reports;
  if (first === undefined) throw new TypeError('no lane reported');
  const runs = reports.flatMap((report) => report.runs).toSorted((left, right) => left.seed - right.seed);
  const gap = runs.findIndex((run, index) => run.seed !== seed + index);
  return { ...first, ok: reports.every(({ ok }) => ok), runs, nextSeed: seed + (gap === -1 ? runs.length : gap) };
}

/** The report of a lane that ran in a process of its own. */
export const LaneReport = z.object({
  schema: z.literal('handoff.simulations/1'),
  profile: z.string(),
  days: z.int(),
  ok: z.boolean(),
  runs: z.array(z.object({ seed: z.int(), from: z.string(), to: z.string(), ok: z.boolean(), faults: SimulationReport.shape.faults, violated: z.array(z.string()), scenarioFile: z.string().exactOptional() })),
  nextSeed: z.int(),
  commit: z.string().optional(),
});
