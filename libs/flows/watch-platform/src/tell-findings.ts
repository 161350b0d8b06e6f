import { probePermissions } from '@handoff/catalogue';
import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { Alert, Notifier } from '@handoff/ports';
import type { JobFinding, PartMemory, PartVerdict, ProbeResult } from '@handoff/watch';
import type { Notebook, ProbedPart } from './notebook.ts';

/** A part after a look, and what the look has shown. */
export interface LookedAt {
  readonly part: ProbedPart;
  readonly verdict: PartVerdict;
  readonly memory: PartMemory;
  readonly result: ProbeResult;
}

type Told = NonNullable<Notebook['told'][ProbedPart]>;

/** Tells of a part that does not work, and that it works again where people were told that it did not; answers what they now know. */
export async function tellPart(notifier: Notifier, { part, verdict, memory, result }: LookedAt, { told, now }: { readonly told: Told | undefined; readonly now: EpochMs }): Promise<Told | undefined> {
  if (verdict === 'unseen' || verdict === 'missed') return told;
  if (verdict === 'well') {
    if (told !== undefined) await notifier.resolve(told, part, now);
    return undefined;
  }
  const cause = verdict === 'refused' ? 'platform-fault' : 'platform-unreachable';
  if (told !== undefined && told !== cause) await notifier.resolve(told, part, now);
  if (result.kind === 'failed') await notifier.alert(alertOf(part, cause, { result, memory, now }));
  return cause;
}

function alertOf(part: ProbedPart, cause: Told, { result: { code, message, facts }, memory, now }: { readonly result: Extract<ProbeResult, { kind: 'failed' }>; readonly memory: PartMemory; readonly now: EpochMs }): Alert {
  const permission = probePermissions[part];
  const since = isoInstant(memory.awaySince ?? now);
  const title = cause === 'platform-fault' ? `${part}: ${code} (needs ${permission})` : `${part} gives no answer since ${since.slice(0, 16)}Z`;
  return { cause, subject: part, severity: 'critical', title, facts: { ...facts, code, message, permission, since, misses: memory.misses }, at: now };
}

const nameOf = ({ cause, job }: Pick<JobFinding, 'cause' | 'job'>): string => `${cause}|${job}`;

/** Tells of jobs, and of those that are right again; answers which people now know of. */
export async function tellJobs(notifier: Notifier, findings: readonly JobFinding[], { told, now }: { readonly told: readonly string[]; readonly now: EpochMs }): Promise<readonly string[]> {
  const names = findings.map(nameOf);
  for (const name of told) {
    const [cause = '', job = ''] = name.split('|');
    if (!names.includes(name)) await notifier.resolve(cause, job, now);
  }
  for (const finding of findings) await notifier.alert(jobAlert(finding, now));
  return names;
}

function jobAlert({ cause, job, severity, lastAt, lastOutcome, gap }: JobFinding, now: EpochMs): Alert {
  const gapMinutes = Math.floor(gap / 60_000);
  const last = lastAt === null ? 'never seen' : `last ${isoInstant(lastAt).slice(0, 16)}Z`;
  const what = { 'job-silent': 'does not run', 'job-failing': 'does not come to its end', 'decisions-absent': 'decides nothing' }[cause];
  return { cause, subject: job, severity, title: `${job} ${what} for ${gapMinutes} min (${last})`, facts: { job, gapMinutes, lastAt: lastAt === null ? null : isoInstant(lastAt), lastOutcome }, at: now };
}
