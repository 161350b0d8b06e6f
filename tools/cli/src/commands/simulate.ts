import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { days, hashOf } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import { dealScenarios, dealSeeds, joinLanes, joinRuns, parseScenario, pruneBaselines, profileNames, randomScenario, refuseUncovered, runRandomly, Simulator, singleFaults, type RandomRunsReport, type ScenarioFile, type ScenarioRunsReport, type SimulationReport } from '@handoff/simulator';
import { loadRecordings, type RecordedSeason } from '@handoff/sources-recorded';
import { Command } from 'commander';
import { commitOf } from '../commit.ts';
import { exitCodes, usageError } from '../exit-codes.ts';
import { liveScenariosInLane, liveSeedsInLane } from '../lane-process.ts';
import type { CommandSetting } from '../main.ts';
import { loadOwnData } from '../own-data.ts';
import { renderScenarioRuns, renderSimulation, verdictOn } from '../render/simulation.ts';
import { describeRun, renderSeeds } from '../render/random-runs.ts';
import { SimulationDisplay } from '../render/simulation-display.ts';

interface SimulateOptions {
  readonly scenario?: readonly string[];
  readonly everyFault?: true;
  readonly seed?: string;
  readonly days: string;
  readonly faults: string;
  readonly runs: string;
  readonly every: string;
  readonly processes?: string;
  readonly minutes?: string;
  readonly data?: string;
  readonly gameTypes: string;
  readonly keep?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `handoff simulate`: lives through recorded slates while things go wrong, and judges what came of it. */
export function simulateCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return new Command('simulate')
    .description('Lives through recorded slates while things go wrong, and judges what came of it.')
    .option('--scenario <files...>', 'the scenario to live through, several of them, or a folder of them: docs/simulator.md')
    .option('--every-fault', 'instead of a scenario: a day with each kind of fault on each kind of target, one at a time')
    .option('--seed <number>', 'instead of a scenario: the first seed from which scenarios are drawn')
    .option('--days <number>', 'with --seed: game dates of each run', '7')
    .option('--faults <profile>', `with --seed: what is drawn, ${profileNames.join(' or ')}`, 'default')
    .option('--runs <number>', 'with --seed: how many seeds', '1')
    .option('--every <number>', 'with --seed: how far one seed is from the next', '1')
    .option('--processes <number>', 'with several runs: how many at once, each in a process of its own; one for each core unless said')
    .option('--minutes <number>', 'with --seed: begins no further run after this time')
    .option('--data <folder>', 'box scores and schedules of your own instead of the recordings')
    .option('--game-types <list>', 'beginnings of official game ids to read from --data', '002')
    .option('--keep <folder>', 'leaves what the run wrote, or with --seed the scenarios that failed, in this folder')
    .option('--dry-run', 'with --seed: prints the scenarios that would be lived through, each as a file of its own could hold it')
    .option('--json', 'one JSON object and nothing else')
    .action(async (options: SimulateOptions) => {
      if ([options.scenario, options.everyFault, options.seed].filter((given) => given !== undefined).length !== 1) throw usageError('usage', 'name a scenario with --scenario FILE, draw some with --seed N, or try --every-fault');
      const display = new SimulationDisplay({ isQuiet: options.json === true });
      const files = options.scenario === undefined ? everyFaultFiles(options, setting) : scenarioFiles(options.scenario);
      finish(await (files === undefined ? simulateSeedsOrLanes(options, setting, display) : simulateScenarios(options, files, { setting, display })).finally(() => { display.close(); }));
    });
}

const openSeason = (options: SimulateOptions, { root }: CommandSetting, display: SimulationDisplay): RecordedSeason =>
  (options.data === undefined ? loadRecordings(join(root, 'tools', 'local', 'recordings', 'nba')) : loadOwnData(options.data, options.gameTypes, display));

function openSimulator(options: SimulateOptions, setting: CommandSetting, display: SimulationDisplay): { readonly simulator: Simulator; readonly season: RecordedSeason } {
  const season = openSeason(options, setting, display);
  const folder = join(setting.root, 'dist', 'simulator');
  pruneBaselines(folder, Date.now() - baselinesKept);
  const simulator = new Simulator({
    season, folder, codeVersion: codeVersion(),
    log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }),
    onHistory: (progress) => { display.historyLoaded(progress); },
    onTime: (now) => { display.timePassed(now); },
  });
  return { simulator, season };
}

interface SimulationSetting {
  readonly setting: CommandSetting;
  readonly display: SimulationDisplay;
}

/** One scenario is reported whole; of several each in a line, and those that are not ok whole. */
async function simulateScenarios(options: SimulateOptions, files: readonly ScenarioFile[], simulation: SimulationSetting): Promise<number> {
  const [first] = files;
  if (first !== undefined && files.length === 1) {
    const lived = await simulateScenario(options, first, simulation);
    if (options.json === true) simulation.display.notice(`${lived.report.simulatedHours} simulated hours in ${lived.wallSeconds} s`);
    return finishScenario(lived, options);
  }
  if (options.keep !== undefined) throw usageError('usage', '--keep leaves what one scenario wrote: name one');
  refuseUncovered(files, openSeason(options, simulation.setting, simulation.display));
  const lanes = dealScenarios(files, processesOf(options));
  const reports = lanes.length === 1 ? [await simulateInTurn(options, files, simulation)] : await Promise.all(lanes.map((lane) => liveScenariosInLane(lane, ownDataOptions(options))));
  const report = joinRuns(reports.flatMap(({ runs }) => runs));
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : `${renderScenarioRuns(report)}\n`);
  return Math.max(...report.runs.map((run) => exitCodeFor(run.report)));
}

async function simulateInTurn(options: SimulateOptions, files: readonly ScenarioFile[], simulation: SimulationSetting): Promise<ScenarioRunsReport> {
  const runs: ScenarioRunsReport['runs'] = [];
  for (const file of files) {
    const { report, wallSeconds } = await simulateScenario(options, file, simulation);
    simulation.display.notice(`${file.scenario.name}: ${verdictOn(report)}, ${report.simulatedHours} simulated hours in ${wallSeconds} s`);
    runs.push({ file: file.file, report: options.json === true ? report : { ...report, wallSeconds } });
  }
  return joinRuns(runs);
}

interface LivedThrough {
  readonly report: SimulationReport;
  readonly wallSeconds: number;
}

async function simulateScenario(options: SimulateOptions, { scenario }: ScenarioFile, { setting, display }: SimulationSetting): Promise<LivedThrough> {
  const keep = options.keep === undefined ? undefined : emptyFolder(options.keep);
  const { simulator } = openSimulator(options, setting, display);
  await simulator.prepare(scenario);
  const startedAt = performance.now();
  const report = await simulator.run(scenario, keep);
  return { report, wallSeconds: Math.round(performance.now() - startedAt) / 1_000 };
}

function finishScenario({ report, wallSeconds }: LivedThrough, { json }: SimulateOptions): number {
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${renderSimulation({ ...report, wallSeconds })}\n`);
  return exitCodeFor(report);
}

/** Several runs at once take as many processes, which share the folder of baselines: the machine's cores are used, and each run is one process alone. */
async function simulateSeedsOrLanes(options: SimulateOptions, setting: CommandSetting, display: SimulationDisplay): Promise<number> {
  const [seed, runs, every] = [wholeNumber('--seed', options.seed ?? '', 0), wholeNumber('--runs', options.runs, 1), wholeNumber('--every', options.every, 1)];
  if (options.dryRun === true) return printDrawn(options, setting, display);
  const shares = every === 1 ? dealSeeds(seed, runs, processesOf(options)) : [];
  if (shares.length < 2) return simulateSeeds(options, setting, display);
  const report = joinLanes(seed, await Promise.all(shares.map((share) => liveSeedsInLane(share, laneOptions(options)))));
  return finishSeeds({ ...report, commit: commitOf(setting.root) }, options);
}

const processesOf = ({ processes }: SimulateOptions): number => (processes === undefined ? availableParallelism() : wholeNumber('--processes', processes, 1));

const given = (options: Readonly<Record<string, string | undefined>>): readonly string[] => Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));

const ownDataOptions = ({ data, gameTypes }: SimulateOptions): readonly string[] => given({ '--data': data, '--game-types': gameTypes });

/** One scenario in a line, so that each can be taken out and lived through by itself. */
function printDrawn(options: SimulateOptions, setting: CommandSetting, display: SimulationDisplay): number {
  const [seed, days, runs] = [wholeNumber('--seed', options.seed ?? '', 0), wholeNumber('--days', options.days, 1), wholeNumber('--runs', options.runs, 1)];
  const { season } = openSimulator(options, setting, display);
  for (let next = seed; next < seed + runs; next += 1) process.stdout.write(`${JSON.stringify(randomScenario({ seed: next, days, profile: options.faults, season }))}\n`);
  return exitCodes.ok;
}

const laneOptions = (options: SimulateOptions): readonly string[] =>
  [...given({ '--days': options.days, '--faults': options.faults, '--minutes': options.minutes, '--keep': options.keep }), ...ownDataOptions(options)];

function finishSeeds(report: RandomRunsReport, { json }: SimulateOptions): number {
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${renderSeeds(report)}\n`);
  return report.ok ? exitCodes.ok : exitCodes.error;
}

async function simulateSeeds(options: SimulateOptions, setting: CommandSetting, display: SimulationDisplay): Promise<number> {
  const [seed, days, runs, every] = [wholeNumber('--seed', options.seed ?? '', 0), wholeNumber('--days', options.days, 1), wholeNumber('--runs', options.runs, 1), wholeNumber('--every', options.every, 1)];
  const deadline = options.minutes === undefined ? Infinity : performance.now() + wholeNumber('--minutes', options.minutes, 1) * 60_000;
  const { simulator, season } = openSimulator(options, setting, display);
  const report = await runRandomly({
    simulator, season, seed, every, days, runs, profile: options.faults,
    folder: options.keep === undefined ? join(setting.root, 'dist', 'simulator', 'failed') : resolve(options.keep),
    isTimeUp: () => performance.now() >= deadline,
    onRun: (run) => { display.notice(describeRun(run)); },
    onShrink: ({ faults, from, to }) => { display.notice(`shrinking: ${faults.length} faults, ${from} to ${to}`); },
  });
  return finishSeeds({ ...report, commit: commitOf(setting.root) }, options);
}

function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least) throw usageError('usage', `${name} ${value} is not a whole number from ${least} on`);
  return number;
}

/** A violated invariant is an error. A fault that never struck proves nothing, which is a warning. */
const exitCodeFor = ({ ok, invariants }: SimulationReport): number => {
  if (ok) return exitCodes.ok;
  return invariants.every(({ held }) => held) ? exitCodes.warning : exitCodes.error;
};

/** Baselines that are older are removed: of code that is gone as a rule. */
const baselinesKept = days(7);

/** The code that runs is one bundle: what it made of a season it may find again. */
const codeVersion = (): string => hashOf(readFileSync(fileURLToPath(import.meta.url), 'utf8'));

/** The scenarios of files, and of all files of folders, in order of their names. */
function scenarioFiles(paths: readonly string[]): readonly ScenarioFile[] {
  const files = paths.flatMap((path) => {
    if (!existsSync(path)) throw usageError('usage', `--scenario ${path} is not there`);
    return statSync(path).isDirectory() ? readdirSync(path).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name)) : [path];
  });
  if (files.length === 0) throw usageError('usage', `--scenario ${paths.join(' ')}: there is no scenario in it, which is a file that ends in .json`);
  return files.map((file) => ({ file, scenario: parseScenario(readFileSync(file, 'utf8'), file) }));
}

/** Each as a file, which its lane reads and people can live through again. */
function everyFaultFiles({ everyFault }: SimulateOptions, { root }: CommandSetting): readonly ScenarioFile[] | undefined {
  if (everyFault === undefined) return undefined;
  const folder = join(root, 'dist', 'simulator', 'every-fault');
  mkdirSync(folder, { recursive: true });
  return singleFaults().map((scenario) => {
    const file = join(folder, `${scenario.name.replaceAll(/[^a-z0-9_.-]+/g, '-')}.json`);
    writeFileSync(file, `${JSON.stringify(scenario, null, 2)}\n`);
    return { file, scenario };
  });
}

function emptyFolder(folder: string): string {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw usageError('usage', `--keep ${folder} is not empty: choose another folder`);
  return resolve(folder);
}
