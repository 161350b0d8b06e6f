import { probePermissions, type AlertCause } from '@handoff/catalogue';
import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { Alert, Notifier, StandingIncident } from '@handoff/ports';
import type { JobFinding, PartMemory, PartVerdict, ProbeResult } from '@handoff/watch';
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
  /** The round before: what somebody has seen since is not over, though this round does not see it. */
  readonly roundAt: EpochMs;
  readonly now: EpochMs;
}

const partCauses = ['platform-fault', 'platform-unreachable'] as const satisfies readonly AlertCause[];
const jobCauses = ['job-silent', 'job-failing', 'decisions-absent'] as const satisfies readonly JobFinding['cause'][];
type PartCause = (typeof partCauses)[number];

/** Tells of a part that does not work, and that it works again where people know that it did not. */
export async function tellPart(notifier: Notifier, { part, verdict, memory, result }: LookedAt, { standing, roundAt, now }: Known): Promise<void> {
  if (verdict === 'unseen' || verdict === 'missed') return;
  const cause = verdict === 'well' ? undefined : verdict === 'refused' ? 'platform-fault' : 'platform-unreachable';
  const over = partCauses.filter((other) => other !== cause && standing.some((incident) => incident.cause === other && incident.subjects.includes(part) && incident.lastSeenAt <= roundAt));
  for (const other of over) await notifier.resolve(other, part, now);
  if (cause !== undefined && result.kind === 'failed') await notifier.alert(alertOf(part, cause, { result, memory, now }));
}

function alertOf(part: ProbedPart, cause: PartCause, { result: { code, message, facts }, memory, now }: { readonly result: Extract<ProbeResult, { kind: 'failed' }>; readonly memory: PartMemory; readonly now: EpochMs }): Alert {
  const permission = probePermissions[part];
  const since = isoInstant(memory.awaySince ?? now);
  const title = cause === 'platform-fault' ? `${part}: ${code} (needs ${permission})` : `${part} gives no answer since ${since.slice(0, 16)}Z`;
  return { cause, subject: part, severity: 'critical', title, facts: { ...facts, code, message, permission, since, misses: memory.misses }, at: now };
}

/** Tells of jobs, and of those that are right again. */
export async function tellJobs(notifier: Notifier, findings: readonly JobFinding[], { standing, now }: Known): Promise<void> {
  for (const { cause, subjects } of standing.filter((incident) => jobCauses.some((known) => known === incident.cause))) {
    const over = subjects.filter((job) => !findings.some((finding) => finding.cause === cause && finding.job === job));
    for (const job of over) await notifier.resolve(cause, job, now);
  }
  for (const finding of findings) await notifier.alert(jobAlert(finding, now));
}

function jobAlert({ cause, job, severity, lastAt, lastOutcome, gap }: JobFinding, now: EpochMs): Alert {
  const gapMinutes = Math.floor(gap / 60_000);
  const last = lastAt === null ? 'never seen' : `last ${isoInstant(lastAt).slice(0, 16)}Z`;
  const what = { 'job-silent': 'does not run', 'job-failing': 'does not come to its end', 'decisions-absent': 'decides nothing' }[cause];
  return { cause, subject: job, severity, title: `${job} ${what} for ${gapMinutes} min (${last})`, facts: { job, gapMinutes, lastAt: lastAt === null ? null : isoInstant(lastAt), lastOutcome }, at: now };
}
