import { PipelineError } from '@handoff/contracts';
import { refuseOutsideData } from '@handoff/local';
import { daysBetween } from '@handoff/slate';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { z } from 'zod';
import { SimulationReport } from '../report/report.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A scenario and the file that it was read from. */
export interface ScenarioFile {
  readonly file: string;
  readonly scenario: Scenario;
}

/** What living through several scenario files showed: `handoff simulate --scenario` with a folder or several files. */
export const ScenarioRunsReport = z.object({
  schema: z.literal('handoff.scenarios/1'),
  ok: z.boolean().describe('True when every run was ok.'),
  runs: z.array(z.object({ file: z.string(), report: SimulationReport })).describe('In order of files.'),
});
export type ScenarioRunsReport = z.infer<typeof ScenarioRunsReport>;

/**
 * Looks at the dates of every scenario before the first is lived through: what cannot be is no news after an hour.
 *
 * @throws `range-outside-data` and `range-reversed` (reject) with the name of the file.
 */
export function refuseUncovered(files: readonly ScenarioFile[], season: Pick<RecordedSeason, 'dates'>): void {
  for (const { file, scenario } of files) {
    try {
      refuseOutsideData({ ...scenario, season });
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      const { code, disposition, message, facts } = error;
      throw new PipelineError({ code, disposition, message: `${file}: ${message}`, facts: { ...facts, file }, cause: error });
    }
  }
}

/** Scenarios with the same key are compared with the same clean run. */
const baselineOf = ({ sport, from, to, config }: Scenario): string => JSON.stringify([sport, from, to, Object.entries(config).sort()]);

interface Batch {
  readonly files: readonly ScenarioFile[];
  /** Game dates to be lived through, those of the clean run included. */
  readonly days: number;
}

/**
 * Deals scenarios out to lanes: those that share a clean run stay together, since it is lived through once, and the
 * longest go first, each to the lane that has least to do. No lane is without a scenario.
 */
export function dealScenarios(files: readonly ScenarioFile[], lanesMax: number): readonly (readonly ScenarioFile[])[] {
  const baselines = [...new Set(files.map(({ scenario }) => baselineOf(scenario)))];
  const batches = baselines.map((baseline) => batchOf(files.filter(({ scenario }) => baselineOf(scenario) === baseline))).toSorted((left, right) => right.days - left.days);
  const lanes = Array.from({ length: Math.max(1, Math.min(lanesMax, batches.length)) }, () => ({ files: [] as ScenarioFile[], days: 0 }));
  for (const batch of batches) {
    const lane = lanes.reduce((least, candidate) => (candidate.days < least.days ? candidate : least));
    lane.files.push(...batch.files);
    lane.days += batch.days;
  }
  return lanes.map((lane) => lane.files).filter((lane) => lane.length > 0);
}

function batchOf(files: readonly ScenarioFile[]): Batch {
  const [first] = files;
  const days = first === undefined ? 0 : daysBetween(first.scenario.from, first.scenario.to) + 1;
  return { files, days: days * (files.length + 1) };
}

/** Runs of scenario files as one report, in order of files. */
export function joinRuns(runs: ScenarioRunsReport['runs']): ScenarioRunsReport {
  return { schema: 'handoff.scenarios/1', ok: runs.every(({ report }) => report.ok), runs: runs.toSorted((left, right) => (left.file < right.file ? -1 : 1)) };
}
