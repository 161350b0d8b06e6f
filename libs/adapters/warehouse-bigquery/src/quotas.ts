import { after, elapsed, hours, isoInstant, PipelineError, seconds, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock, Log } from '@handoff/ports';
import { SlidingWindow } from './sliding-window.ts';

/**
 * BigQuery's limits (its quotas page, read 2026-11). It also takes 1,500 load jobs a day for the table that they fill.
 * Ours fill a table that is new with each of them (staging.ts), so none comes near, and nothing is counted for it.
 */
const limits = {
  /** Statements that change rows of a table. */
  'table-changes-per-10-seconds': { max: 25, spanMs: seconds(10) },
  /** Load jobs of the project, whatever they fill, failed ones included. BigQuery's day is not documented; this is any 24 hours. */
  'project-load-jobs-per-day': { max: 100_000, spanMs: hours(24) },
} as const satisfies Record<string, { max: number; spanMs: DurationMs }>;

/** Statements that change a table wait in line at BigQuery too: this many, and further ones fail. */
const queuedMax = 20;

/** Which limit is near. */
export type Quota = keyof typeof limits | 'table-changes-queued';

/** The fields of the warning. */
export interface QuotaWarning {
  readonly quota: Quota;
  /** The table whose quota it is, as `dataset.table`, or the id of the project. */
  readonly subject: string;
  readonly used: number;
  readonly max: number;
}

/** People are told when a quota is near, and when it is not any more. */
export interface QuotaWatch {
  /** Once per quota, subject and UTC day. */
  near(warning: QuotaWarning): void;
  /** After `near`, once the use is below again. */
  below(quota: Quota, subject: string): void;
}

/** How the time of a wait is spent. */
export type Wait = (span: DurationMs) => Promise<void>;

const warnedFrom = 0.8;

type Counted = keyof typeof limits;

export interface QuotaOptions {
  /** The id of the project whose load jobs are counted. */
  readonly project: string;
  /**
   * False where the clock may stand still: limits are counted and logged, nothing is held back, and nobody is told of
   * a rate per ten seconds, which there may last an hour of work.
   */
  readonly holdsBack: boolean;
  readonly watch?: QuotaWatch | undefined;
}

/**
 * Counts what this process asks for against BigQuery's limits, warns when 80 % is reached, once until it is below
 * again, and holds back what would go over: a statement waits for its window, a load job is refused.
 * Other processes count for themselves, so the limit may be BigQuery's answer before it is ours.
 */
export class Quotas {
  private readonly used = new Map<string, SlidingWindow>();
  private readonly warned = new Set<string>();
  private readonly told = new Map<string, string>();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly options: QuotaOptions;

  constructor(clock: Clock, log: Log, options: QuotaOptions) {
    this.clock = clock;
    this.log = log;
    this.options = options;
  }

  /** Counts one statement that changes a table, which is about to be sent, after waiting while 25 were sent in the last 10 seconds. */
  async admitChange(table: string, wait: Wait): Promise<void> {
    const quota = 'table-changes-per-10-seconds';
    for (let freeAt = this.freeAt(quota, table); freeAt !== undefined; freeAt = this.freeAt(quota, table)) await wait(elapsed(this.clock.now(), freeAt));
    this.count(quota, table);
  }

  /** Counts a statement that is sent again as another job after a conflict. It does not wait: its time runs already. */
  countRepeated(table: string): void {
    this.count('table-changes-per-10-seconds', table);
  }

  /**
   * Counts one load job, which is about to be sent.
   *
   * @throws `warehouse-quota-exceeded` (defer) when 100,000 were sent in the last 24 hours, until the oldest of them is
   *   older: BigQuery is not asked, since a job that it refuses counts too.
   */
  admitLoadJob(): void {
    const quota = 'project-load-jobs-per-day';
    const { project } = this.options;
    const until = this.freeAt(quota, project);
    if (until === undefined) {
      this.count(quota, project);
      return;
    }
    const { max } = limits[quota];
    throw new PipelineError({
      code: 'warehouse-quota-exceeded', disposition: 'defer', until,
      message: `this process has sent ${max} load jobs in 24 hours, which is all that BigQuery takes for project ${project}; the next is sent at ${isoInstant(until)}`,
      facts: { project, quota, max },
    });
  }

  /** Says how many statements wait for their turn on a table. */
  queued(table: string, waiting: number): void {
    this.judge({ quota: 'table-changes-queued', subject: table, used: waiting, max: queuedMax });
  }

  /** When the next may be sent; undefined where it may be now. */
  private freeAt(quota: Counted, subject: string): EpochMs | undefined {
    if (!this.options.holdsBack) return undefined;
    const { max, spanMs } = limits[quota];
    const oldest = this.recent(quota, subject).fromLast(max, this.clock.now());
    return oldest === undefined ? undefined : after(oldest, spanMs);
  }

  private recent(quota: Counted, subject: string): SlidingWindow {
    const name = `${quota} ${subject}`;
    const recent = this.used.get(name) ?? new SlidingWindow(limits[quota].spanMs);
    this.used.set(name, recent);
    return recent;
  }

  private count(quota: Counted, subject: string): void {
    const now = this.clock.now();
    const recent = this.recent(quota, subject);
    recent.add(now);
    this.judge({ quota, subject, used: recent.count(now), max: limits[quota].max });
  }

  private judge(warning: QuotaWarning): void {
    const name = `${warning.quota} ${warning.subject}`;
    if (warning.used < warning.max * warnedFrom) {
      if (this.warned.delete(name)) this.options.watch?.below(warning.quota, warning.subject);
      return;
    }
    if (this.warned.has(name)) return;
    this.warned.add(name);
    this.log.warn({ ...warning }, 'a quota of the warehouse is nearly used up');
    this.tell(name, warning);
  }

  private tell(name: string, warning: QuotaWarning): void {
    if (!this.options.holdsBack && warning.quota === 'table-changes-per-10-seconds') return;
    const day = isoInstant(this.clock.now()).slice(0, 10);
    if (this.told.get(name) === day) return;
    this.told.set(name, day);
    this.options.watch?.near(warning);
  }
}
