import { VirtualClock } from '@handoff/clock-virtual';
import { elapsed, PipelineError, type EpochMs, type GameDate, type Sport } from '@handoff/contracts';
import type { HttpSource, Log } from '@handoff/ports';
import { addDays, easternTime } from '@handoff/slate';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
import { loadHistory, type HistoryProgress } from './load-history.ts';
import type { LocalEvent, LocalSystem, OpenProfile } from './local-system.ts';
import { replayProfiles, type ReplayProfileName } from './replay-profiles.ts';
import { buildReport, type ReplayReport } from './replay-report.ts';
import { RunFolder, type RunPlan } from './run-folder.ts';

export interface ReplayOptions {
  readonly sport: Sport;
  readonly from: GameDate;
  readonly to: GameDate;
  readonly season: RecordedSeason;
  /** Absent: embedded. */
  readonly profile?: ReplayProfileName;
  readonly folder: string;
  readonly log: (clock: VirtualClock) => Log;
  readonly detached?: ReadonlySet<string>;
  /** What the sources are instead of the season itself: the season with faults, as a rule. */
  readonly sources?: (recorded: HttpSource, clock: VirtualClock) => HttpSource;
  /** Variables of the functions besides the sport. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called when the last slate is over, before the report: what is done here is part of the run. */
  readonly onEnd?: (system: LocalSystem<OpenProfile>) => Promise<void>;
  readonly onStart?: (start: { readonly isResumed: boolean; readonly putAside: string | undefined }) => void;
  /** Told what the profile has started on this machine: one line for each. */
  readonly onRunning?: (running: readonly string[]) => void;
  readonly onHistory?: (progress: HistoryProgress) => void;
  readonly onEvent?: (event: LocalEvent) => void;
  readonly onTime?: (now: EpochMs) => void;
}

export interface ReplayResult {
  readonly report: Omit<ReplayReport, 'wallSeconds'>;
  readonly calls: ReadonlyMap<string, number>;
  readonly warehouseStatements: number;
}

/**
 * Lives through the slates of a range of dates on a virtual clock: loads the season to date by the product's
 * own way of loading history, then hour by hour what the schedule fires. A folder that holds the same run
 * already is gone on with, where the profile keeps state; elsewhere what is in it is put aside.
 *
 * @throws what the profile throws that cannot be opened: `emulator-missing` (reject) above all.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { from, to, sport, season } = options;
  refuseOutsideData(options);
  const { startAt, endAt } = spanOfRun(from, to);
  const profile = replayProfiles[options.profile ?? 'embedded'];
  profile.assertInstalled();
  const plan: RunPlan = { schema: 'handoff.run-plan/1', sport, from, to, data: season.digest };
  const folder = RunFolder.hold(options.folder, profile.keepsState ? plan : { ...plan, profile: 'emulated' });
  try {
    options.onStart?.(folder);
    const clock = new VirtualClock(folder.readClock() ?? startAt);
    const recorded = new RecordedSource(season, clock);
    const system = await profile.open({
      folder: folder.path, clock, sources: options.sources?.(recorded, clock) ?? recorded, log: options.log(clock), environment: { ...options.environment, SPORT: sport },
      onQuiet: (now) => { folder.writeClock(now); options.onTime?.(now); },
      ...(options.detached === undefined ? {} : { detached: options.detached }),
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      ...(options.onRunning === undefined ? {} : { onRunning: options.onRunning }),
    });
    try {
      if (clock.now() === startAt) await loadHistory(system, options);
      await system.runUntil(endAt);
      await options.onEnd?.(system);
      const report = await buildReport(system.system, { sport, from, to, simulatedHours: elapsed(startAt, endAt) / 3_600_000 });
      return { report, calls: system.calls(), warehouseStatements: system.system.ports.warehouse.counters().statements };
    } finally {
      await system.close();
    }
  } finally {
    folder.release();
  }
}

/** From the planner's hour on the first date to noon after the last: by then the slate is graded and published. */
export const spanOfRun = (from: GameDate, to: GameDate): { readonly startAt: EpochMs; readonly endAt: EpochMs } => ({
  startAt: easternTime(from, 3, 0),
  endAt: easternTime(addDays(to, 1), 12, 0),
});

/** @throws `range-reversed` and `range-outside-data` (reject) for dates that cannot be lived through. */
export function refuseOutsideData({ from, to, season: { dates } }: Pick<ReplayOptions, 'from' | 'to'> & { readonly season: Pick<RecordedSeason, 'dates'> }): void {
  if (from > to) throw new PipelineError({ code: 'range-reversed', disposition: 'reject', message: `--from ${from} is after --to ${to}: swap them`, facts: { from, to } });
  if (dates !== undefined && from >= dates.from && to <= dates.to) return;
  const covered = dates === undefined ? 'no date' : `${dates.from} to ${dates.to}`;
  throw new PipelineError({ code: 'range-outside-data', disposition: 'reject', message: `${from} to ${to} is outside the data, which covers ${covered}: choose dates within it, or bring your own with --data`, facts: { from, to } });
}
