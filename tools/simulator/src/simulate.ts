import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { isSourceEnabled, scraperNamed, sources, switchSourceOff, switchSourcesOn } from '@handoff/catalogue';
import { elapsed, hashOf, type EpochMs } from '@handoff/contracts';
import type { Fault, FaultPlan } from '@handoff/faults';
import { refuseOutsideData, RunFolder, spanOfRun, type HistoryProgress, type LocalEvent } from '@handoff/local';
import type { Log } from '@handoff/ports';
import { addDays, gameDateOf } from '@handoff/slate';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { Effects } from './outcome/effects.ts';
import { readOutcome, type FaultedOutcome, type Outcome } from './outcome/outcome.ts';
import { buildReport } from './report/build-report.ts';
import type { SimulationReport } from './report/report.ts';
import { planFault, type Scenario } from './scenario/scenario.ts';
import { copyHistory, ensureHistory } from './world/history-folder.ts';
import { openSimulation } from './world/simulated-system.ts';

export interface SimulatorOptions {
  readonly season: RecordedSeason;
  /** Where baselines are kept and runs take place. */
  readonly folder: string;
  /** Names the code that runs: baselines of other code are not used. */
  readonly codeVersion: string;
  readonly log: (clock: VirtualClock) => Log;
  readonly onHistory?: (progress: HistoryProgress) => void;
  readonly onEvent?: (event: LocalEvent) => void;
  readonly onTime?: (now: EpochMs) => void;
  /** What a faulted run left behind, for who shows more of it than the report does. */
  readonly onOutcome?: (outcome: FaultedOutcome) => void;
}

/** What a clean run draws follows from this: whichever scenario of its dates comes first, it is the same run. */
const cleanSeed = 1;

/** A file system in memory, where there is one: nobody reads a run after it has ended, so that nothing need be flushed. */
const memoryFolder = '/dev/shm';

/**
 * Plays scenarios. The season before a scenario's first date and the clean run of its dates are made once for one
 * version of the code, one set of recordings, and one set of dates and configuration; every run starts with a copy.
 */
export class Simulator {
  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  /**
   * Lives through a scenario and judges it. `keep` is a folder that the run is left in, to be looked at.
   *
   * @throws `range-outside-data` (reject) for dates that no recording has, `config-invalid` (reject) where a function
   *   does not start with the scenario's configuration.
   */
  async run(scenario: Scenario, keep?: string): Promise<SimulationReport> {
    refuseOutsideData({ ...scenario, season: this.#options.season });
    const clean = await this.#cleanOutcome(scenario);
    const faults = scenario.faults.map(planFault);
    const run = await this.#live(scenario, faults, keep);
    this.#options.onOutcome?.(run);
    const { startAt, endAt } = spanOfRun(scenario.from, scenario.to);
    return buildReport(scenario, run, clean, elapsed(startAt, endAt) / 3_600_000);
  }

  /** Makes the baseline of a scenario, or finds it, so that a run measured afterwards is a run alone. */
  async prepare(scenario: Scenario): Promise<void> {
    await this.#cleanOutcome(scenario);
  }

  #historyFolder({ sport, from }: Scenario): string {
    const { codeVersion, season, folder } = this.#options;
    return join(folder, `history-${sport}-${from}-${hashOf([codeVersion, season.digest].join('|')).slice(0, 16)}`);
  }

  async #cleanOutcome(scenario: Scenario): Promise<Outcome> {
    const history = this.#historyFolder(scenario);
    const { onHistory, season, log } = this.#options;
    const { startAt } = spanOfRun(scenario.from, scenario.to);
    mkdirSync(this.#options.folder, { recursive: true });
    await ensureHistory(history, { sport: scenario.sport, from: scenario.from, season, log: log(new VirtualClock(startAt)), ...(onHistory === undefined ? {} : { onHistory }) });
    const file = join(this.#options.folder, `clean-${scenario.to}-${hashOf([history, scenario.to, JSON.stringify(Object.entries(scenario.config).sort())].join('|')).slice(0, 16)}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
    const outcome: Outcome = await this.#live({ ...scenario, seed: cleanSeed }, []);
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(outcome));
    renameSync(`${file}.${process.pid}`, file);
    return outcome;
  }

  async #live(scenario: Scenario, faults: readonly Fault[], keep?: string): Promise<FaultedOutcome> {
    const { folder: root, season, log, onEvent, onTime } = this.#options;
    const folder = keep ?? mkdtempSync(join(existsSync(memoryFolder) ? memoryFolder : root, 'handoff-run-'));
    const { startAt, endAt } = spanOfRun(scenario.from, scenario.to);
    const clock = new VirtualClock(startAt);
    const effects = new Effects();
    copyHistory(this.#historyFolder(scenario), folder);
    try {
      const simulation = await openSimulation({
        folder, clock, season, faults, sport: scenario.sport, seed: scenario.seed, config: scenario.config, log: log(clock),
        onEvent: (event) => { effects.note(event); onEvent?.(event); },
        ...(onTime === undefined ? {} : { onQuiet: onTime }),
      });
      try {
        switchSources(simulation.plan, { startAt, endAt });
        await simulation.system.runUntil(endAt);
        return await readOutcome(simulation, effects, scenario);
      } finally {
        await simulation.system.close();
        if (keep !== undefined) RunFolder.markReadable(keep, clock.now());
      }
    } finally {
      switchSourcesOn();
      if (keep === undefined) rmSync(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Switches off what `disable-source` names, from the game date of its beginning to the one before that of its end. It has
 * struck where the source would have been asked.
 */
function switchSources(plan: FaultPlan, { startAt, endAt }: { readonly startAt: EpochMs; readonly endAt: EpochMs }): void {
  for (const fault of plan.faults.filter(({ kind }) => kind === 'disable-source')) {
    const { target, at = startAt, until } = fault;
    const id = scraperNamed(target.slice('source:'.length)).source;
    const from = gameDateOf(at);
    const last = until === undefined ? undefined : addDays(gameDateOf(until), -1);
    if (at >= endAt || (last !== undefined && last < from)) continue;
    const isAsked = sources.some((source) => source.id === id && isSourceEnabled(source, from));
    switchSourceOff(id, { from, ...(last === undefined ? {} : { until: last }) });
    if (isAsked) plan.count(fault, at);
  }
}
