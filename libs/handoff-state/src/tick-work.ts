import { intervalOf, type ScheduleJob } from '@handoff/catalogue';
import { minutes, type EpochMs } from '@handoff/contracts';
import { lastOccurrence } from '@handoff/slate';

/** A firing may be named by a time that is a little after its own; people call at any other. */
const firingSpan = minutes(1);

/**
 * When the work of a firing was due: of a job that is due at times of the day all firings from one to the next have the
 * same work, which each tries until it is done. Undefined where the firing has work of its own: of any other job, and
 * of a call at a time that is none of the job's, which is people's.
 */
export const dueAtOfFiring = ({ dueTimes, ...job }: ScheduleJob, scheduledAt: EpochMs): EpochMs | undefined =>
  dueTimes === undefined || scheduledAt % intervalOf(job) >= firingSpan ? undefined : lastOccurrence(dueTimes, scheduledAt);

/** The unit of work that a job's firing is, by when it was due or, with work of its own, fires. */
export const tickKeyOf = (workAt: EpochMs): string => `tick-${workAt}`;
