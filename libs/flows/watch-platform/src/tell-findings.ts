import { probePermissions, unseenFor, type AlertCause } from '@handoff/catalogue';
import { elapsed, isoInstant, type EpochMs } from '@handoff/contracts';
import type { Alert, Notifier, StandingIncident } from '@handoff/ports';
import { isJobOver, type JobBeat, type JobFinding, type PartMemory, type PartVerdict, type ProbeResult } from '@handoff/watch';
import type { ProbedPart } from './notebook.ts';

/** A part after a look, and what the look has shown. */
export interface LookedAt {
  readonly part: ProbedPart;
  readonly verdict: PartVerdict;
  readonly memory: PartMemory;
  readonly result: ProbeResult;
}

/** What people know of before a round, which begins. */
export interface Known {
  /** What is open by the incidents themselves: a memory of our own could be lost, and what it held would stand for ever. */
  readonly standing: readonly StandingIncident[];
  readonly now: EpochMs;
}

const partCauses = ['platform-fault', 'platform-unreachable'] as const satisfies readonly AlertCause[];
const jobCauses = ['job-silent', 'job-failing', 'decisions-absent'] as const satisfies readonly JobFinding['cause'][];
type PartCause = (typeof partCauses)[number];

/** Tells of a part that does not work, and that it works again where people know that it did not. */
export async function tellPart(notifier: Notifier, { part, verdict, memory, result }: LookedAt, { standing, now }: Known): Promise<void> {
  if (verdict === 'unseen' || verdict === 'missed') return;
  const cause = verdict === 'well' ? undefined : verdict === 'refused' ? 'platform-fault' : 'platform-unreachable';
  const over = partCauses.filter((other) => other !== cause && standing.some((incident) => incident.cause === other && incident.subjects.includes(part) && isUnseen(incident, now)));
  for (const other of over) await notifier.resolve(other, part, now);
  if (cause !== undefined && result.kind === 'failed') await notifier.alert(alertOf(part, cause, { result, memory, now }));
}

/** What the watchdog itself saw last is judged by its next look, and what others saw by their silence. */
const isUnseen = ({ facts, lastSeenAt }: StandingIncident, now: EpochMs): boolean => facts['misses'] !== undefined || elapsed(lastSeenAt, now) >= unseenFor;

function alertOf(part: ProbedPart, cause: PartCause, { result: { code, message, facts }, memory, now }: { readonly result: Extract<ProbeResult, { kind: 'failed' }>; readonly memory: PartMemory; readonly now: EpochMs }): Alert {
  const permission = probePermissions[part];
  const since = isoInstant(memory.awaySince ?? now);
  const title = cause === 'platform-fault' ? `${part}: ${code} (needs ${permission})` : `${part} gives no answer since ${since.slice(0, 16)}Z`;
  return { cause, subject: part, severity: 'critical', title, facts: { ...facts, code, message, permission, since, misses: memory.misses }, at: now };
}

/** What the jobs have left, and what is wrong with them. */
export interface JobsSeen {
  readonly findings: readonly JobFinding[];
  readonly beats: readonly JobBeat[];
}

/** Tells of jobs, and of those that are right again. */
export async function tellJobs(notifier: Notifier, { findings, beats }: JobsSeen, { standing, now }: Known): Promise<void> {
  for (const { cause, subjects, lastSeenAt } of standing) {
    const known = jobCauses.find((one) => one === cause);
    if (known === undefined) continue;
    for (const job of subjects) if (isJobOver({ cause: known, job, lastSeenAt }, beats, findings)) await notifier.resolve(cause, job, now);
  }
  for (const finding of findings) await notifier.alert(jobAlert(finding, now));
}

function jobAlert({ cause, job, severity, lastAt, lastOutcome, gap }: JobFinding, now: EpochMs): Alert {
  const gapMinutes = Math.floor(gap / 60_000);
  const last = lastAt === null ? 'never seen' : `last ${isoInstant(lastAt).slice(0, 16)}Z`;
  const what = { 'job-silent': 'does not run', 'job-failing': 'does not come to its end', 'decisions-absent': 'decides nothing' }[cause];
  return { cause, subject: job, severity, title: `${job} ${what} for ${gapMinutes} min (${last})`, facts: { job, gapMinutes, lastAt: lastAt === null ? null : isoInstant(lastAt), lastOutcome }, at: now };
}
