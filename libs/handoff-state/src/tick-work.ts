import { intervalOf, type ScheduleJob } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { lastOccurrence } from '@handoff/slate';

/**
 * The time by which the work of a firing is named. Of a job that is due at times of the day all firings from one to the
 * next have the same work, which is done once. One at a time that is none of the job's, as when people run it, is new work.
 */
export const workTimeOf = (job: ScheduleJob, scheduledAt: EpochMs): EpochMs =>
  job.dueAt === undefined || scheduledAt % intervalOf(job) !== 0 ? scheduledAt : lastOccurrence(job.dueAt, scheduledAt);

/** The unit of work that a job's firing is. */
export const tickKeyOf = (workTime: EpochMs): string => `tick-${workTime}`;
