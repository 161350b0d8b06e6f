import { missesMax, watchedJobs } from '@handoff/catalogue';
import { elapsed, PipelineError, type DurationMs, type EpochMs, type Sport } from '@handoff/contracts';
import { readHeartbeats } from '@handoff/heartbeats';
import type { FlowContext, FlowReport, ObjectStore, Ports } from '@handoff/ports';
import { judgeJobs, judgePart, type JobFinding, type ProbeResult } from '@handoff/watch';
import { blindNotebook, firstNotebook, probedParts, probeObjects, readNotebook, writeNotebook, type Notebook, type ProbedPart } from './notebook.ts';
import { looked, lookAtPlatform } from './probes.ts';
import { tellJobs, tellPart, type LookedAt } from './tell-findings.ts';

export interface WatchOptions {
  readonly sport: Sport;
  /** How often rounds are made: jobs are not judged for a time in which nobody looked. */
  readonly interval: DurationMs;
}

/** Rounds that may be missing without the time between them counting as unwatched. */
const roundsMissingMax = 3;

/**
 * One round of the watchdog: looks at each part of the platform by itself, at what every job has left, and at the open
 * incidents; tells what it finds, and what is over. It needs none of them to do so: what it remembers is a file, and the
 * notifier does without the state store. Making a round twice costs nothing but a count.
 */
export async function watchPlatform({ ports, log }: FlowContext, options: WatchOptions): Promise<FlowReport> {
  const now = ports.clock.now();
  const { notebook, objects } = await openNotebook(ports.objects, now);
  const { results, canaryAt, probeId } = await lookAtPlatform(ports, notebook, { sport: options.sport, now });
  const looks = probedParts.map((part): LookedAt => {
    const result = { ...results, objects }[part];
    return { part, result, ...judgePart(notebook.parts[part], result, now) };
  });
  // What was noted while the state store was away is taken over before anything of it is said to be over.
  const review = await ports.notifier.review(now);
  const told = await tellParts(ports, looks, { notebook, now });
  const memories = Object.fromEntries(looks.map(({ part, memory }) => [part, memory])) as Notebook['parts'];
  const watchingSince = elapsed(notebook.roundAt, now) > roundsMissingMax * options.interval ? now : notebook.watchingSince;
  const findings = await findJobs(ports, { wellSince: memories.state.wellSince, watchingSince, now });
  const jobs = findings === undefined ? notebook.jobs : await tellJobs(ports.notifier, findings, { told: notebook.jobs, now });
  const kept = await looked(() => writeNotebook(ports.objects, { watchingSince, roundAt: now, parts: memories, told, jobs, canaryAt, probeId }));
  if (kept.kind === 'failed') log.warn({ code: kept.code }, 'notebook not kept');
  const away = looks.filter(({ verdict }) => verdict === 'away' || verdict === 'refused').map(({ part }) => part);
  return { outcome: 'watched', facts: { away: away.join(' '), jobs: jobs.length, openIncidents: review.open, escalated: review.escalated, ended: review.ended } };
}

/** The notebook, and what reading it and a file of this round's own say of the object store. It is read as often as a part may miss looks: who cannot remember cannot count them. */
async function openNotebook(objects: ObjectStore, now: EpochMs): Promise<{ readonly notebook: Notebook; readonly objects: ProbeResult }> {
  let result: ProbeResult = { kind: 'unseen' };
  for (let attempt = 0; attempt < missesMax; attempt += 1) {
    const read: { notebook?: Notebook | undefined } = {};
    result = await looked(async () => { read.notebook = await readNotebook(objects); });
    if (result.kind !== 'failed') return { notebook: read.notebook ?? firstNotebook(now), objects: await looked(() => probeObjects(objects, now)) };
  }
  return { notebook: blindNotebook(now), objects: result };
}

/** What people know of each part. The object store's own loss could not be noted, so that its return is told whenever it is well. */
async function tellParts({ notifier }: Ports, looks: readonly LookedAt[], { notebook, now }: { readonly notebook: Notebook; readonly now: EpochMs }): Promise<Notebook['told']> {
  const told: Partial<Record<ProbedPart, Notebook['told'][ProbedPart]>> = {};
  for (const look of looks) {
    const known = await tellPart(notifier, look, { told: notebook.told[look.part], now });
    if (known !== undefined) told[look.part] = known;
    if (look.part === 'objects' && look.verdict === 'well') for (const cause of ['platform-fault', 'platform-unreachable'] as const) await notifier.resolve(cause, look.part, now);
  }
  return told as Notebook['told'];
}

interface Watched {
  readonly wellSince: EpochMs | null;
  readonly watchingSince: EpochMs;
  readonly now: EpochMs;
}

/** What the jobs have left; undefined where the state store does not say. A job is not silent for the time in which it could leave nothing. */
async function findJobs({ state, log }: Ports, { wellSince, watchingSince, now }: Watched): Promise<readonly JobFinding[] | undefined> {
  if (wellSince === null) return undefined;
  const since = wellSince > watchingSince ? wellSince : watchingSince;
  try {
    return judgeJobs(watchedJobs, await readHeartbeats(state), { since, now });
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, code: error.code }, 'heartbeats not read');
    return undefined;
  }
}
