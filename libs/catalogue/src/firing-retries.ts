import { milliseconds, minutes, seconds, type DurationMs } from '@handoff/contracts';
import type { ScheduleJob } from './jobs.ts';
import { intervalOf } from './monitoring.ts';

/** How a firing that gets no good answer is made again, in the words of Cloud Scheduler's retry settings. */
export interface FiringRetryPolicy {
  readonly retryCount: number;
  readonly minBackoffMs: DurationMs;
  readonly maxBackoffMs: DurationMs;
}

/**
 * Three more times, after 30 s, 1 min and 2 min: over before the watchdog's next but one look, and long before the next
 * firing of any job that is retried. It is the same firing, by its scheduled time: work that was done meanwhile is not done twice.
 */
export const firingRetryPolicy: FiringRetryPolicy = { retryCount: 3, minBackoffMs: seconds(30), maxBackoffMs: minutes(2) };

/** A job that fires oftener than this is not retried: its next firing is as soon. */
const retriedFrom = minutes(15);

/** How long after each failed try the next is made; empty for a job that is not retried, as one whose next firings do the same work. */
export function firingRetriesOf(job: Pick<ScheduleJob, 'name' | 'cron' | 'dueTimes'>): readonly DurationMs[] {
  if (job.dueTimes !== undefined || intervalOf(job) < retriedFrom) return [];
  const { retryCount, minBackoffMs, maxBackoffMs } = firingRetryPolicy;
  return Array.from({ length: retryCount }, (_, doublings) => milliseconds(Math.min(minBackoffMs * 2 ** doublings, maxBackoffMs)));
}
