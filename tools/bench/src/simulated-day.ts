import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createLog } from '@handoff/logging';
import { randomScenario, Scenario, Simulator } from '@handoff/simulator';
import type { RecordedSeason } from '@handoff/sources-recorded';

/** What a simulated day costs; a run's 33 hours are 1.375 days. */
export interface SimulatedDay {
  readonly name: string;
  readonly days: number;
  /** Wall time of a day. */
  readonly secondsPerDay: number;
  /** Time of both cores that a day takes: what else the machine does adds less to it. */
  readonly cpuSecondsPerDay: number;
  readonly statementsPerDay: number;
  readonly messagesPerDay: number;
}

const seed = 1;
const days = 7;

/** A week without faults, and one with those that a seed draws from the default profile, on the same dates. */
export async function benchmarkSimulation(season: RecordedSeason): Promise<readonly SimulatedDay[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-simulation-'));
  try {
    const simulator = new Simulator({ season, folder, codeVersion: 'bench', log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }) });
    const faulty = randomScenario({ seed, days, profile: 'default', season });
    await simulator.prepare(faulty);
    return [await measured('clean', simulator, Scenario.parse({ ...faulty, faults: [] })), await measured(`${faulty.faults.length} faults of the default profile (seed ${seed})`, simulator, faulty)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(name: string, simulator: Simulator, scenario: Scenario): Promise<SimulatedDay> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const { counts, simulatedHours } = await simulator.run(scenario);
  const [seconds, { user, system }] = [(performance.now() - startedAt) / 1_000, process.cpuUsage(cpu)];
  const lived = simulatedHours / 24;
  return { name, days: lived, secondsPerDay: seconds / lived, cpuSecondsPerDay: (user + system) / 1_000_000 / lived, statementsPerDay: counts.warehouseStatements / lived, messagesPerDay: counts.messages / lived };
}

/** The section of docs/benchmarks.md. */
export const simulationSection = (measured: readonly SimulatedDay[]): string => [
  '## A simulated day',
  '',
  'A week in the simulator: handlers called directly, stores in files of a file system in memory where there is one, opening, copying the season and reading the outcome included. Required: under 1 s a day with faults on 2 cores.',
  '',
  '| a week | seconds a day | CPU seconds a day | warehouse statements a day | messages a day |',
  '|---|---|---|---|---|',
  ...measured.map(({ name, secondsPerDay, cpuSecondsPerDay, statementsPerDay, messagesPerDay }) => `| ${name} | ${secondsPerDay.toFixed(2)} | ${cpuSecondsPerDay.toFixed(2)} | ${Math.round(statementsPerDay)} | ${Math.round(messagesPerDay)} |`),
  '',
].join('\n');
