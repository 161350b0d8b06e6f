import { jobs, type JobName, type ScheduleJob } from '@handoff/catalogue';
import { before, hasCode, milliseconds, type EpochMs, type TimeOfDay } from '@handoff/contracts';
import { claimRef, tickKeyOf, type ClaimDocument } from '@handoff/handoff-state';
import type { StateRef, StateStore } from '@handoff/ports';
import { lastOccurrence, nextOccurrence } from '@handoff/slate';

/** When each job is due that is at times of the day. */
const dueTimes: ReadonlyMap<JobName, readonly TimeOfDay[]> = new Map(jobs.flatMap((job: ScheduleJob & { readonly name: JobName }) => (job.dueTimes === undefined ? [] : [[job.name, job.dueTimes] as const])));

export const dueJobs: readonly JobName[] = [...dueTimes.keys()];

/** Says of what was due before an instant that it is done: a run that begins there begins with a day that others have lived through. Idempotent. */
export async function settleDueBefore(state: StateStore, now: EpochMs): Promise<void> {
  for (const [job, times] of dueTimes) {
    const claim: ClaimDocument = { status: 'done', holder: 'history', leaseUntil: now, fencing: 1, outcome: 'due-before-the-start' };
    await createIfAbsent(state, claimRef(job, tickKeyOf(lastOccurrence(times, before(now, milliseconds(1))))), claim);
  }
}

async function createIfAbsent(state: StateStore, ref: StateRef, claim: ClaimDocument): Promise<void> {
  try {
    await state.create(ref, claim);
  } catch (error) {
    if (!hasCode(error, 'state-already-exists')) throw error;
  }
}

/** From when on a firing of a job that is due at times of the day has work to do: others leave a sign and nothing else. */
export class DueJobs {
  readonly #state: StateStore;
  /** Until when what was due is known to be done. */
  readonly #doneUntil = new Map<JobName, EpochMs>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** When each job next has something to do: at once, as long as what was due is not done. */
  async nextOf(now: EpochMs, soon: EpochMs): Promise<readonly (readonly [JobName, EpochMs])[]> {
    const next: (readonly [JobName, EpochMs])[] = [];
    for (const [job, times] of dueTimes) next.push([job, (await this.#nextAfterDone(job, times, now)) ?? soon]);
    return next;
  }

  /** Whether what was due of a job is known to be done; false of one that is not due at times of the day. */
  isDone(job: JobName, now: EpochMs): boolean {
    const until = this.#doneUntil.get(job);
    return until !== undefined && now < until;
  }

  async #nextAfterDone(job: JobName, times: readonly TimeOfDay[], now: EpochMs): Promise<EpochMs | undefined> {
    const known = this.#doneUntil.get(job);
    if (known !== undefined && now < known) return known;
    const claim = await this.#state.get<ClaimDocument>(claimRef(job, tickKeyOf(lastOccurrence(times, now))));
    if (claim?.value.status !== 'done') return undefined;
    const until = nextOccurrence(times, now);
    this.#doneUntil.set(job, until);
    return until;
  }
}
