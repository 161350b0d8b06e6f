import { hours, milliseconds, minutes, type DurationMs } from '@handoff/contracts';
import type { AlertCause } from './alerts.ts';
import type { FunctionName } from './functions.ts';
import type { PlatformPart } from './incidents.ts';
import { jobs, type JobName, type ScheduleJob } from './jobs.ts';

/** The function that watches the others, and whom the platform itself watches. */
export const watchdog = 'watchdog' satisfies JobName & FunctionName;

/** A part of the platform that has not answered this often, one look after the other, is told of (design section 8). */
export const missesMax = 2;

/** What answers late is not away: a message that was published less than this before is not missed yet. */
export const canaryPatience: DurationMs = minutes(4);

/** How often it is tried to note a message that has come back: where a store fails three calls of ten, one note in thirty is not made in so many. */
export const canaryNoteTries = 5;

/** That there is no note at all, as before the first message has come back, is believed of an object store that has been well for this long. */
export const canaryAbsenceBelievedAfter: DurationMs = minutes(30);

/** The controller is alive and decides nothing: an error after the first, critical after the second (reference section 14). */
export const decisionGap = { error: minutes(60), critical: minutes(120) } as const;

/** The job whose ends are decisions. */
export const decider = 'master-controller' satisfies JobName;

/**
 * A part whose probe is well is not well for what others have seen since: a refused collection or file is none of the
 * probe's. What nobody has met for this long is over: longer than the interval of any job that looks more often than hourly.
 */
export const unseenFor: DurationMs = hours(1);

/** What a look at a part of the platform needs to be allowed to do: Google's names of the permissions. */
export const probePermissions: Readonly<Record<Exclude<PlatformPart, 'scheduler'>, string>> = {
  state: 'datastore.entities.get, datastore.entities.create',
  warehouse: 'bigquery.jobs.create, bigquery.tables.getData',
  bus: 'pubsub.topics.publish',
  objects: 'storage.objects.get, storage.objects.create',
};

/** The time between two firings of a job. @throws RangeError for one that fires less often than hourly, whose standstill would be seen too late, or not always after the same time. */
export function intervalOf({ name, cron }: Pick<ScheduleJob, 'name' | 'cron'>): DurationMs {
  const [minute = '', ...rest] = cron.split(' ');
  const every = Number(/^\*\/([1-9]\d?)$/.exec(minute)?.[1] ?? 60);
  if (rest.join(' ') !== '* * * *' || 60 % every !== 0) throw new RangeError(`job ${name} fires less often than hourly, or not always after the same time: ${cron}. Have it fire every quarter of an hour, and say in dueTimes when it is due`);
  if (minute === '*') return minutes(1);
  return minutes(every);
}

/** A job that has left no heartbeat for this long does not run: a firing, and as long again as a run may take. */
export const silentAfter = (job: Pick<ScheduleJob, 'name' | 'cron'>): DurationMs => milliseconds(intervalOf(job) + minutes(10));

/** The jobs that the watchdog looks after. */
export const watchedJobs: readonly (ScheduleJob & { readonly name: JobName })[] = jobs.filter(({ name }) => name !== watchdog);

/** Something that has to be heard of now and then, by the platform's own means: what watches whoever watches. */
export interface AbsenceRule {
  readonly cause: AlertCause;
  readonly subject: string;
  /** The metric of the platform that counts what has to be heard of. */
  readonly metric: string;
  /** The lines of its log that are counted. */
  readonly logged: { readonly function: FunctionName; readonly outcome: string };
  /** With no line for this long the platform alerts. */
  readonly absentFor: DurationMs;
}

/** The watchdog rounds that end are counted; three that are missing are an outage (design section 12: noticed within 15 minutes). */
export const absenceRules: readonly AbsenceRule[] = [
  { cause: 'watchdog-silent', subject: watchdog, metric: 'watchdog-rounds', logged: { function: watchdog, outcome: 'watched' }, absentFor: minutes(15) },
];
