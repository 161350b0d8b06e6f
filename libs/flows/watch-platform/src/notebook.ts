import { missesMax, platformParts, type PlatformPart } from '@handoff/catalogue';
import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { ObjectStore } from '@handoff/ports';
import { newPart, type PartMemory } from '@handoff/watch';
import { readJson, writeJson } from './watchdog-files.ts';

/** The parts that are looked at by calling them; the scheduler is seen by what its jobs leave. */
export type ProbedPart = Exclude<PlatformPart, 'scheduler'>;
export const probedParts = platformParts.filter((part): part is ProbedPart => part !== 'scheduler');

/** What the watchdog remembers from round to round. It is kept as a file, so that it is there when the state store is not. */
export interface Notebook {
  /** Since when rounds have followed one another. */
  readonly watchingSince: EpochMs;
  readonly roundAt: EpochMs;
  readonly parts: Readonly<Record<ProbedPart, PartMemory>>;
  /** The message that was sent to itself in the last round; null where none could be. */
  readonly canaryAt: EpochMs | null;
  /** The document that the last round has created. */
  readonly probeId: string | null;
}

const notebookPath = 'watchdog/notebook.json';
const probePath = 'watchdog/probe.json';

const partsOf = (memory: PartMemory): Notebook['parts'] => Object.fromEntries(probedParts.map((part) => [part, memory])) as Record<ProbedPart, PartMemory>;

/** The notebook of a watchdog that begins to watch. */
export const firstNotebook = (now: EpochMs): Notebook => ({ watchingSince: now, roundAt: now, parts: partsOf(newPart), canaryAt: null, probeId: null });

/** The notebook of one that cannot read its own: it does not know whether it has missed anything before, and tells of what it misses. */
export const blindNotebook = (now: EpochMs): Notebook => ({ ...firstNotebook(now), parts: partsOf({ ...newPart, misses: missesMax - 1 }) });

/** Undefined where there is none yet. */
export const readNotebook = (objects: ObjectStore): Promise<Notebook | undefined> => readJson<Notebook>(objects, notebookPath);
export const writeNotebook = (objects: ObjectStore, notebook: Notebook): Promise<void> => writeJson(objects, notebookPath, notebook);

interface Probe {
  readonly at: EpochMs;
}

/**
 * Writes a file and reads it again.
 *
 * @throws `objects-not-kept` (defer) where it is gone or another, and what the store raises.
 */
export async function probeObjects(objects: ObjectStore, at: EpochMs): Promise<void> {
  await writeJson(objects, probePath, { at } satisfies Probe);
  const kept = await readJson<Probe>(objects, probePath);
  if (kept?.at === at) return;
  throw new PipelineError({ code: 'objects-not-kept', message: `${probePath} was written, and ${kept === undefined ? 'cannot be read' : 'holds something else'}`, facts: { path: probePath } });
}
