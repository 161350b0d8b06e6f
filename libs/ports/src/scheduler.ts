import type { EpochMs } from '@handoff/contracts';

/** One firing of a schedule job. */
export interface ScheduledFiring {
  /** The job's name, which is its app's. */
  readonly job: string;
  readonly at: EpochMs;
}

/**
 * The jobs of the catalogue on a clock: when each fires next. In the cloud this is Cloud Scheduler and
 * only provisioning speaks to it; embedded, the local runner asks here and calls the function itself.
 */
export interface Scheduler {
  /** The firings after `after` up to and including `until`, in order of time, then of job name. */
  firingsBetween(after: EpochMs, until: EpochMs): readonly ScheduledFiring[];
}
