import { firingRetriesOf, type ScheduleJob } from '@handoff/catalogue';
import { after, type EpochMs } from '@handoff/contracts';
import type { ScheduledFiring } from '@handoff/ports';

/** A firing as it is made: for the first time, or again. */
export interface MadeFiring extends ScheduledFiring {
  /** When the job was to fire: the name of its work, however often it is made. `at` is when it is. */
  readonly scheduledAt: EpochMs;
  /** How often it was made before. */
  readonly retries: number;
}

/** Firings that wait: those that come late, and those that got no good answer and are made again as Cloud Scheduler does. The catalogue says when. */
export class FiringRetries {
  readonly #jobs: readonly ScheduleJob[];
  #waiting: readonly MadeFiring[] = [];

  constructor(jobs: readonly ScheduleJob[]) {
    this.#jobs = jobs;
  }

  get isAnyWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes note of what a firing that ended now was answered. */
  note(firing: MadeFiring, status: number, now: EpochMs): void {
    if (status < 300) return;
    const job = this.#jobs.find(({ name }) => name === firing.job);
    const wait = job === undefined ? undefined : firingRetriesOf(job)[firing.retries];
    if (wait === undefined) return;
    this.hold({ ...firing, at: after(now, wait), retries: firing.retries + 1 });
  }

  /** Keeps a firing that comes later until then. */
  hold(firing: MadeFiring): void {
    this.#waiting = [...this.#waiting, firing].toSorted((left, right) => left.at - right.at);
  }

  nextAt(): EpochMs | undefined {
    return this.#waiting[0]?.at;
  }

  /** Those that are due, once. */
  take(now: EpochMs): readonly MadeFiring[] {
    const due = this.#waiting.filter(({ at }) => at <= now);
    this.#waiting = this.#waiting.slice(due.length);
    return due;
  }
}
