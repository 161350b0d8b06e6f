import { hashOf, PipelineError } from '@handoff/contracts';
import { archived, archiveId, incidentId, isOpen, merge, resolve, type Incident } from '@handoff/incidents';
import type { Log } from '@handoff/ports';
import type { InterimBook, Noted, NotedIncident, SeenEnd } from './incident-book.ts';
import type { StateBook } from './state-book.ts';

/** How many notes an incident remembers: one outage leaves one file of it. */
const notesMax = 20;

const nothing: Noted = { incidents: [], ends: [] };

/**
 * Puts what a book has noted into the state store, the ends first: what came after an end is another incident. Each note
 * counts once, also where two are at it, or it cannot be deleted afterwards.
 *
 * @throws what the state store throws. What the book throws is logged, and left for the next time.
 */
export async function takeOver(state: StateBook, book: InterimBook, log: Log): Promise<void> {
  const { incidents, ends } = (await unlessRefused(book, log, () => book.noted())) ?? nothing;
  for (const end of ends) {
    await applyEnd(state, end);
    await unlessRefused(book, log, () => book.forget(end.key));
  }
  for (const noted of incidents) {
    await (noted.isNewest ? mergeInto(state, noted, noteOf(book, noted)) : archive(state, noted.incident));
    await unlessRefused(book, log, () => book.forget(noted.key));
  }
}

/** Ends what the state store knows of a subject, unless the incident was seen again after that. */
function applyEnd(state: StateBook, { cause, subject, at }: SeenEnd): Promise<void> {
  const id = incidentId(cause, subject);
  return state.change([id], ([known]) => {
    const ended = known === undefined || known.lastSeenAt > at ? known : resolve(known, subject, at);
    return { writes: ended === undefined || ended === known ? [] : [[id, ended]], result: undefined };
  });
}

/** The name of a file as it stood; a process forgets what it has noted without fail, and two of them may have noted the same. */
const noteOf = ({ name }: InterimBook, { key, incident }: NotedIncident): string | undefined => (name === 'process' ? undefined : hashOf(`${key} ${JSON.stringify(incident)}`).slice(0, 16));

function mergeInto(state: StateBook, { incident: noted }: NotedIncident, note: string | undefined): Promise<void> {
  return state.change([noted.id], ([known]) => {
    const before = known?.takenOver ?? [];
    if (note !== undefined && before.includes(note)) return { writes: [], result: undefined };
    const ended: (readonly [string, Incident])[] = known === undefined || isOpen(known) ? [] : [[archiveId(known), archived(known)]];
    const takenOver = note === undefined ? before : [...before, note].slice(-notesMax);
    return { writes: [...ended, [noted.id, { ...merge(known, noted), takenOver }]], result: undefined };
  });
}

function archive(state: StateBook, ended: Incident): Promise<void> {
  return state.change([archiveId(ended)], () => ({ writes: [[archiveId(ended), archived(ended)]], result: undefined }));
}

async function unlessRefused<Result>(book: InterimBook, log: Log, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, code: error.code, book: book.name }, 'noted incidents not taken over');
    return undefined;
  }
}
