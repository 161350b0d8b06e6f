import { VirtualClock } from '@handoff/clock-virtual';
import { elapsed, gameDate, PipelineError, type EpochMs, type GameDate, type ScrapeRequested, type Sport } from '@handoff/contracts';
import type { HttpSource, Log } from '@handoff/ports';
import { addDays, easternTime, seasonStart, seasonYearOf } from '@handoff/slate';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
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
  readonly onHistory?: (progress: { readonly done: number; readonly total: number; readonly through: GameDate }) => void;
  readonly onEvent?: (event: LocalEvent) => void;
  readonly onTime?: (now: EpochMs) => void;
}

export interface ReplayResult {
  readonly report: Omit<ReplayReport, 'wallSeconds'>;
  readonly calls: ReadonlyMap<string, number>;
  readonly warehouseStatements: number;
}

/** The planner's hour on the first date, and noon after the last: by then the slate is graded and published. */
const startHour = 3;
const endHour = 12;
/** History is asked for in ranges of this many days: a few thousand rows, one bar of progress. */
const historyDays = 30;

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
  const startAt = easternTime(from, startHour, 0);
  const endAt = easternTime(addDays(to, 1), endHour, 0);
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

function refuseOutsideData({ from, to, season: { dates } }: ReplayOptions): void {
  if (from > to) throw new PipelineError({ code: 'range-reversed', disposition: 'reject', message: `--from ${from} is after --to ${to}: swap them`, facts: { from, to } });
  if (dates !== undefined && from >= dates.from && to <= dates.to) return;
  const covered = dates === undefined ? 'no date' : `${dates.from} to ${dates.to}`;
  throw new PipelineError({ code: 'range-outside-data', disposition: 'reject', message: `${from} to ${to} is outside the data, which covers ${covered}: choose dates within it, or bring your own with --data`, facts: { from, to } });
}

/** Publishes the requests that a backfill is made of; what an earlier process has done is dropped by its key. */
async function loadHistory(system: LocalSystem<OpenProfile>, { sport, from, season, onHistory }: ReplayOptions): Promise<void> {
  await request(system, sport, { scraper: 'nbac_schedule_api', gameDate: from, untilDate: from });
  const first = seasonStart(seasonYearOf(from));
  const dates = [...new Set(season.games.map(({ actualDate }) => actualDate))].filter((date) => date >= first && date < from).sort();
  for (let done = 0; done < dates.length; ) {
    const start = dates[done] ?? from;
    const chunk = dates.slice(done).filter((date) => date < addDays(start, historyDays));
    const until = chunk.at(-1) ?? start;
    await request(system, sport, { scraper: 'bdl_player_box_scores', gameDate: start, untilDate: until });
    done += chunk.length;
    onHistory?.({ done, total: dates.length, through: gameDate(until) });
  }
}

async function request(system: LocalSystem<OpenProfile>, sport: Sport, asked: Pick<ScrapeRequested, 'scraper' | 'gameDate' | 'untilDate'>): Promise<void> {
  const { ports } = system.system;
  const requestId = `backfill_${sport}_${asked.gameDate}_${asked.untilDate}_${asked.scraper}`;
  const payload: ScrapeRequested = { sport, purpose: 'history', requestId, decisionId: 'backfill', workflow: 'backfill', requestedAt: ports.clock.now(), ...asked };
  await ports.bus.publish('scrape-requests', { key: requestId, payload, correlationId: requestId });
  await system.settle();
}
