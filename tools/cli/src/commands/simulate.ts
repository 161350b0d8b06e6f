import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { hashOf } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import { parseScenario, Simulator, type SimulationReport } from '@handoff/simulator';
import { loadRecordings } from '@handoff/sources-recorded';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import type { CommandSetting } from '../main.ts';
import { loadOwnData } from '../own-data.ts';
import { renderSimulation } from '../render/simulation.ts';
import { SimulationDisplay } from '../render/simulation-display.ts';

interface SimulateOptions {
  readonly scenario?: string;
  readonly data?: string;
  readonly gameTypes: string;
  readonly keep?: string;
  readonly json?: true;
}

/** `handoff simulate`: lives through recorded slates while things go wrong, and judges what came of it. */
export function simulateCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return new Command('simulate')
    .description('Lives through recorded slates while things go wrong, and judges what came of it.')
    .option('--scenario <file>', 'the scenario to live through: docs/simulator.md')
    .option('--data <folder>', 'box scores and schedules of your own instead of the recordings')
    .option('--game-types <list>', 'beginnings of official game ids to read from --data', '002')
    .option('--keep <folder>', 'leaves what the run wrote in this folder, to be looked at')
    .option('--json', 'one JSON object and nothing else')
    .action(async (options: SimulateOptions) => { finish(await runSimulation(options, setting)); });
}

async function runSimulation(options: SimulateOptions, { root }: CommandSetting): Promise<number> {
  if (options.scenario === undefined) throw usageError('usage', 'name a scenario with --scenario FILE');
  const scenario = parseScenario(readScenario(options.scenario), options.scenario);
  const display = new SimulationDisplay({ isQuiet: options.json === true });
  const season = options.data === undefined ? loadRecordings(join(root, 'tools', 'local', 'recordings', scenario.sport)) : loadOwnData(options.data, options.gameTypes, display);
  const simulator = new Simulator({
    season, folder: join(root, 'dist', 'simulator'), codeVersion: codeVersion(),
    log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }),
    onHistory: (progress) => { display.historyLoaded(progress); },
    onTime: (now) => { display.timePassed(now); },
  });
  try {
    await simulator.prepare(scenario);
    const startedAt = performance.now();
    const report = await simulator.run(scenario, options.keep === undefined ? undefined : emptyFolder(options.keep));
    const wallSeconds = Math.round(performance.now() - startedAt) / 1_000;
    display.notice(`${report.simulatedHours} simulated hours in ${wallSeconds} s`);
    process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : `${renderSimulation({ ...report, wallSeconds })}\n`);
    return exitCodeFor(report);
  } finally {
    display.close();
  }
}

/** A violated invariant is an error. A fault that never struck proves nothing, which is a warning. */
const exitCodeFor = ({ ok, invariants }: SimulationReport): number => {
  if (ok) return exitCodes.ok;
  return invariants.every(({ held }) => held) ? exitCodes.warning : exitCodes.error;
};

/** The code that runs is one bundle: what it made of a season it may find again. */
const codeVersion = (): string => hashOf(readFileSync(fileURLToPath(import.meta.url), 'utf8'));

function readScenario(file: string): string {
  if (!existsSync(file)) throw usageError('usage', `--scenario ${file} is not there`);
  return readFileSync(file, 'utf8');
}

function emptyFolder(folder: string): string {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw usageError('usage', `--keep ${folder} is not empty: choose another folder`);
  return resolve(folder);
}
