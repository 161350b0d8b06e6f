import type { ScheduleJob } from '@handoff/catalogue';
import { epochMs, type EpochMs } from '@handoff/contracts';
import type { ScheduledFiring, Scheduler } from '@handoff/ports';
import { CronExpressionParser } from 'cron-parser';

/** The catalogue's jobs on their cron expressions, in UTC. */
export class CronScheduler implements Scheduler {
  readonly #jobs: readonly ScheduleJob[];

  /** @throws RangeError naming the job whose expression is not valid. */
  constructor(jobs: readonly ScheduleJob[]) {
    this.#jobs = jobs;
    for (const job of jobs) this.#parse(job, epochMs(Date.UTC(2026, 0, 1)));
  }

  firingsBetween(after: EpochMs, until: EpochMs): readonly ScheduledFiring[] {
    const firings = this.#jobs.flatMap((job) => this.#firingsOf(job, after, until));
    return firings.sort((left, right) => left.at - right.at || left.job.localeCompare(right.job, 'en'));
  }

  #firingsOf(job: ScheduleJob, after: EpochMs, until: EpochMs): ScheduledFiring[] {
    const interval = this.#parse(job, after);
    const firings: ScheduledFiring[] = [];
    for (let at = interval.next().getTime(); at <= until; at = interval.next().getTime()) firings.push({ job: job.name, at: epochMs(at) });
    return firings;
  }

  #parse(job: ScheduleJob, from: EpochMs): ReturnType<typeof CronExpressionParser.parse> {
    try {
      return CronExpressionParser.parse(job.cron, { tz: 'UTC', currentDate: new Date(from) });
    } catch (error) {
      throw new RangeError(`schedule job ${job.name}: ${job.cron} is not a valid schedule`, { cause: error });
    }
  }
}
