import { before, hours, seconds, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock, Log } from '@handoff/ports';

/** BigQuery's limits per table (its quotas page, read 2026-11). */
const limits = {
  /** Statements that change rows. */
  'table-changes-per-10-seconds': { max: 25, spanMs: seconds(10) },
  /** Load jobs, failed ones included. BigQuery's day is not documented; this is any 24 hours. */
  'table-load-jobs-per-day': { max: 1_500, spanMs: hours(24) },
} as const satisfies Record<string, { max: number; spanMs: DurationMs }>;

/** Statements that change a table wait in line at BigQuery too: this many, and further ones fail. */
const queuedMax = 20;

/** Which limit is near. */
export type Quota = keyof typeof limits | 'table-changes-queued';

/** The fields of the warning. */
export interface QuotaWarning {
  readonly quota: Quota;
  readonly table: string;
  readonly used: number;
  readonly max: number;
}

const warnedFrom = 0.8;

/**
 * Counts what this process asks of each table against BigQuery's limits, and warns when 80 % is reached, once
 * until it is below again. Other processes count for themselves, so a warning is early notice, not the limit.
 */
export class Quotas {
  private readonly used = new Map<string, EpochMs[]>();
  private readonly warned = new Set<string>();
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(clock: Clock, log: Log) {
    this.clock = clock;
    this.log = log;
  }

  /** Counts one statement or job, which is about to be sent. */
  count(quota: keyof typeof limits, table: string): void {
    const { max, spanMs } = limits[quota];
    const now = this.clock.now();
    const since = before(now, spanMs);
    const recent = [...(this.used.get(`${quota} ${table}`) ?? []).filter((at) => at > since), now];
    this.used.set(`${quota} ${table}`, recent);
    this.judge({ quota, table, used: recent.length, max });
  }

  /** Says how many statements wait for their turn on a table. */
  queued(table: string, waiting: number): void {
    this.judge({ quota: 'table-changes-queued', table, used: waiting, max: queuedMax });
  }

  private judge(warning: QuotaWarning): void {
    const name = `${warning.quota} ${warning.table}`;
    if (warning.used < warning.max * warnedFrom) {
      this.warned.delete(name);
      return;
    }
    if (this.warned.has(name)) return;
    this.warned.add(name);
    this.log.warn({ ...warning }, 'a quota of the warehouse is nearly used up');
  }
}
