import { missesMax, watchedJobs } from '@handoff/catalogue';
import { elapsed, PipelineError, type DurationMs, type EpochMs, type Sport } from '@handoff/contracts';
import { readHeartbeats } from '@handoff/heartbeats';
import type { FlowContext, FlowReport, ObjectStore, Ports } from '@handoff/ports';
import { judgeJobs, judgePart, type ProbeResult } from '@handoff/watch';
import { blindNotebook, firstNotebook, probedParts, probeObjects, readNotebook, writeNotebook, type Notebook } from './notebook.ts';
import { looked, lookAtPlatform } from './probes.ts';
import { tellJobs, tellPart, type JobsSeen, type Known, type LookedAt } from './tell-findings.ts';

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
  const known: Known = { standing: review.standing, now };
  for (const look of looks) await tellPart(ports.notifier, look, known);
  const memories = Object.fromEntries(looks.map(({ part, memory }) => [part, memory])) as Notebook['parts'];
  const watchingSince = elapsed(notebook.roundAt, now) > roundsMissingMax * options.interval ? now : notebook.watchingSince;
  const jobs = await findJobs(ports, { wellSince: memories.state.wellSince, watchingSince, now });
  if (jobs !== undefined) await tellJobs(ports.notifier, jobs, known);
  const kept = await looked(() => writeNotebook(ports.objects, { watchingSince, roundAt: now, parts: memories, canaryAt, probeId }));
  if (kept.kind === 'failed') log.warn({ code: kept.code }, 'notebook not kept');
  const away = looks.filter(({ verdict }) => verdict === 'away' || verdict === 'refused').map(({ part }) => part);
  return { outcome: 'watched', facts: { away: away.join(' '), jobs: jobs?.findings.length ?? null, openIncidents: review.standing.length, escalated: review.escalated, ended: review.ended } };
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

interface Watched {
  readonly wellSince: EpochMs | null;
  readonly watchingSince: EpochMs;
  readonly now: EpochMs;
}

/** What the jobs have left; undefined where the state store does not say. A job is not silent for the time in which it could leave nothing. */
async function findJobs({ state, log }: Ports, { wellSince, watchingSince, now }: Watched): Promise<JobsSeen | undefined> {
  if (wellSince === null) return undefined;
  const since = wellSince > watchingSince ? wellSince : watchingSince;
  try {
    const beats = await readHeartbeats(state);
    return { beats, findings: judgeJobs(watchedJobs, beats, { since, now }) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, code: error.code }, 'heartbeats not read');
    return undefined;
  }
}
