import { decider, decisionGap, silentAfter, type AlertCause, type JobName, type ScheduleJob, type Severity } from '@handoff/catalogue';
import { elapsed, type DurationMs, type EpochMs } from '@handoff/contracts';

/** A sign that a job ran. */
export interface JobBeat {
  readonly job: string;
  readonly at: EpochMs;
  readonly outcome: string;
  readonly isComplete: boolean;
}

/** A job that does not do what it is there for: the open gap, from its last sign to now. */
export interface JobFinding {
  readonly cause: Extract<AlertCause, 'job-silent' | 'job-failing' | 'decisions-absent'>;
  readonly job: JobName;
  readonly severity: Severity;
  /** null: none has been seen since it is looked for. */
  readonly lastAt: EpochMs | null;
  readonly lastOutcome: string | null;
  readonly gap: DurationMs;
}

/** When jobs began to be looked for: nothing that lies before counts against them, since nobody could have seen it. */
interface Watched {
  readonly since: EpochMs;
  readonly now: EpochMs;
}

const newest = (beats: readonly JobBeat[]): JobBeat | undefined => beats.reduce<JobBeat | undefined>((found, beat) => (found === undefined || beat.at > found.at ? beat : found), undefined);

/** Finds the jobs that are silent, and those that run and do not come to their end. What has just begun to be watched is given the time that it would have anyway. */
export function judgeJobs(jobs: readonly (ScheduleJob & { readonly name: JobName })[], beats: readonly JobBeat[], watched: Watched): readonly JobFinding[] {
  return jobs.flatMap((job): JobFinding[] => {
    const own = beats.filter((beat) => beat.job === job.name);
    const last = newest(own);
    const silence = gapOf(last, watched);
    if (silence > silentAfter(job)) return [{ cause: 'job-silent', job: job.name, severity: 'error', lastAt: last?.at ?? null, lastOutcome: last?.outcome ?? null, gap: silence }];
    const finding = withoutEnd(job, own, watched);
    return finding === undefined ? [] : [finding];
  });
}

/** A job that runs, and has not been complete for twice the time in which it should have been. The controller has numbers of its own. */
function withoutEnd(job: ScheduleJob & { readonly name: JobName }, own: readonly JobBeat[], watched: Watched): JobFinding | undefined {
  const last = newest(own);
  if (last === undefined || last.isComplete) return undefined;
  const complete = newest(own.filter(({ isComplete }) => isComplete));
  const gap = gapOf(complete, watched);
  const found = { job: job.name, lastAt: complete?.at ?? null, lastOutcome: last.outcome, gap };
  if (job.name === decider) return gap <= decisionGap.error ? undefined : { ...found, cause: 'decisions-absent', severity: gap > decisionGap.critical ? 'critical' : 'error' };
  return gap <= 2 * silentAfter(job) ? undefined : { ...found, cause: 'job-failing', severity: 'error' };
}

/**
 * Whether what people were told of a job is over: it has left a sign since that was last seen, a complete one where it
 * ran and did not come to its end, or something else is found of it now. A gap that starts anew, since nobody could look
 * for a while, ends nothing.
 */
export function isJobOver({ cause, job, lastSeenAt }: Pick<JobFinding, 'cause'> & { readonly job: string; readonly lastSeenAt: EpochMs }, beats: readonly JobBeat[], findings: readonly JobFinding[]): boolean {
  const found = findings.filter((finding) => finding.job === job);
  if (found.length > 0) return found.every((finding) => finding.cause !== cause);
  return beats.some((beat) => beat.job === job && beat.at >= lastSeenAt && (beat.isComplete || cause === 'job-silent'));
}

const gapOf = (beat: JobBeat | undefined, { since, now }: Watched): DurationMs => elapsed(beat === undefined || beat.at < since ? since : beat.at, now);
