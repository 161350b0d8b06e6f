import { intervalOf, type ScheduleJob } from '@handoff/catalogue';
import { minutes, type EpochMs } from '@handoff/contracts';
import { lastOccurrence } from '@handoff/slate';

/** A firing may be named by a time that is a little after its own; people call at any other. */
const firingSpan = minutes(1);

/**
 * The instant by which the work of a firing is named. Of a job that is due at times of the day all firings from one to the
 * next have the same work, which is done once. A call at a time that is none of the job's is people's, and new work.
 */
export const workAtOf = (job: ScheduleJob, scheduledAt: EpochMs): EpochMs =>
  isDueWork(job, scheduledAt) && job.dueTimes !== undefined ? lastOccurrence(job.dueTimes, scheduledAt) : scheduledAt;

/** Whether the work of a firing is what was due: it is tried by every further one until it is done. */
export const isDueWork = (job: ScheduleJob, scheduledAt: EpochMs): boolean => job.dueTimes !== undefined && scheduledAt % intervalOf(job) < firingSpan;

/** The unit of work that a job's firing is. */
export const tickKeyOf = (workAt: EpochMs): string => `tick-${workAt}`;
