import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedSeason } from '@handoff/sources-recorded';
import type { SimulationReport } from '../report/report.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Simulator } from '../simulate.ts';
import { randomScenario } from './random-scenario.ts';
import { shrink } from './shrink.ts';

export interface RandomRunsOptions {
  readonly simulator: Simulator;
  readonly season: RecordedSeason;
  /** The first seed; the others follow it, each so many after the one before. */
  readonly seed: number;
  readonly every?: number;
  readonly runs: number;
  readonly days: number;
  readonly profile: string;
  /** Where the scenarios of failures are written. */
  readonly folder: string;
  /** Stops after this many failures: each is shrunk, which takes many runs. */
  readonly failedRunsMax?: number;
  /** Begins no further run once it says so, nor tries to make a failure smaller. */
  readonly isTimeUp?: () => boolean;
  readonly onRun?: (run: RandomRun) => void;
  readonly onShrink?: (scenario: Scenario) => void;
}

export interface RandomRun {
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly ok: boolean;
  readonly faults: SimulationReport['faults'];
  readonly violated: readonly string[];
  /** With a violation: the smallest scenario that still fails, which replays it. */
  readonly scenarioFile?: string;
}

export interface RandomRunsReport {
  readonly schema: 'handoff.simulations/1';
  readonly profile: string;
  readonly days: number;
  readonly ok: boolean;
  readonly runs: readonly RandomRun[];
  /** The seed to go on with. */
  readonly nextSeed: number;
  /** The commit of the code that ran, with a + where files were changed since; absent where that is not known. */
  readonly commit?: string | undefined;
}

const failedRunsMaxDefault = 3;

/** Lives through scenarios of seeds one after another. A fault that happens not to strike proves nothing and fails nothing. */
export async function runRandomly(options: RandomRunsOptions): Promise<RandomRunsReport> {
  const { seed, every = 1, runs, days, profile, season, failedRunsMax = failedRunsMaxDefault } = options;
  const done: RandomRun[] = [];
  for (let next = seed; next < seed + runs * every; next += every) {
    if (done.length > 0 && options.isTimeUp?.() === true) break;
    const scenario = randomScenario({ seed: next, days, profile, season });
    const report = await options.simulator.run(scenario);
    const run = await judged(scenario, report, options);
    done.push(run);
    options.onRun?.(run);
    if (done.filter(({ ok }) => !ok).length >= failedRunsMax) break;
  }
  return { schema: 'handoff.simulations/1', profile, days, ok: done.every(({ ok }) => ok), runs: done, nextSeed: seed + done.length * every };
}

async function judged(scenario: Scenario, report: SimulationReport, { simulator, folder, isTimeUp, onShrink }: RandomRunsOptions): Promise<RandomRun> {
  const { seed, from, to } = scenario;
  const violated = violatedBy(report);
  const run: RandomRun = { seed, from, to, ok: violated.length === 0, faults: report.faults, violated };
  if (run.ok) return run;
  const smallest = await shrink(scenario, async (candidate) => {
    if (isTimeUp?.() === true) return false;
    onShrink?.(candidate);
    return violatedBy(await simulator.run(candidate)).some((name) => violated.includes(name));
  });
  mkdirSync(folder, { recursive: true });
  const scenarioFile = join(folder, `seed-${seed}.json`);
  writeFileSync(scenarioFile, `${JSON.stringify(smallest, null, 2)}\n`);
  return { ...run, scenarioFile };
}

const violatedBy = ({ invariants }: SimulationReport): readonly string[] => invariants.filter(({ held }) => !held).map(({ name }) => name);
