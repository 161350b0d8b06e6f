import { scraperOfPath, type Scraper } from '@handoff/catalogue';
import { PipelineError, type FilesStored, type OutputsCompleted } from '@handoff/contracts';
import { notePulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { loadSlates, projectSlates } from '@handoff/read-models';
import { addDays } from '@handoff/slate';
import { completionsFrom } from './completions.ts';
import { loadedRef, rememberLoaded, wasLoaded } from './loaded-files.ts';
import { readFiles, type FileReading } from './read-files.ts';
import { reportFindings } from './report-findings.ts';
import { writeRows } from './write-rows.ts';

/** Sources list games a little before and after the date that they are asked for. */
const daysBefore = 1;
const daysAfter = 3;

/**
 * Loads stored answers into the raw table that the catalogue names for their prefix, and announces what the
 * table now holds. Content that was loaded before is skipped; newer content replaces the rows that it speaks
 * of. Nothing for games that are over is `no_data`: reported, not remembered, and no completion.
 *
 * @throws `unknown-storage-path` (reject) for a path under no prefix; the message is kept.
 */
export async function loadRaw(message: FilesStored, context: FlowContext): Promise<FlowReport> {
  const scraper = ownerOf(message);
  if (scraper.loads === 'skip') return { outcome: 'stored-only', facts: { scraper: scraper.name } };
  const { ports } = context;
  const loaded = await Promise.all(message.files.map((file) => wasLoaded(ports.state, loadedRef(scraper.name, message, file))));
  // Pages speak together for the games that they list: one that is new makes all of them be read again.
  if (loaded.every(Boolean)) return { outcome: 'identical-content', facts: { scraper: scraper.name, files: message.files.length } };

  const slates = await loadSlates(ports, addDays(message.gameDate, -daysBefore), addDays(message.untilDate, daysAfter));
  const reading = await readFiles({ scraper, files: message.files.filter(({ path }) => scraperOfPath(path)?.name === scraper.name), message, games: [...slates.values()].flat() }, ports);
  const written = await writeRows(scraper, scraper.loads, reading, ports.warehouse);
  // The schedule says which games there are: it is projected before anybody is told that it was loaded.
  if (scraper.loads === 'nba_raw.nbac_schedule') await projectSlates(ports, message.gameDate);
  await notePulse(ports.state);
  const missing = await reportFindings({ scraper, message, reading, slates }, context);
  await announce(scraper, message, reading, context);
  if (missing.length === 0 && reading.unresolved.length === 0) for (const file of message.files) await rememberLoaded(ports.state, loadedRef(scraper.name, message, file), ports.clock.now());
  return { outcome: reading.rows.length === 0 ? 'no_data' : 'loaded', facts: { scraper: scraper.name, files: message.files.length, ...written, notStarted: reading.notStarted.length, missing: missing.length } };
}

/** Of a run's files some may be stored only (a list of events); the owner is the scraper of those that are loaded. */
function ownerOf(message: FilesStored): Scraper {
  const owners = message.files.map(({ path }) => scraperOfPath(path) ?? unknownPath(path));
  const [first] = owners;
  const loaded = owners.find(({ loads }) => loads !== 'skip') ?? first;
  if (loaded === undefined) throw new PipelineError({ code: 'malformed-message', disposition: 'reject', message: 'a message without files' });
  return loaded;
}

function unknownPath(path: string): never {
  throw new PipelineError({
    code: 'unknown-storage-path',
    disposition: 'reject',
    message: `${path} is under no storage prefix of the catalogue: add the scraper's prefix, then send the message again`,
    facts: { path },
  });
}

async function announce(scraper: Scraper, message: FilesStored, reading: FileReading, { ports, correlationId }: FlowContext): Promise<void> {
  const { flow, completions } = completionsFrom(scraper, message, reading);
  if (completions.length === 0) return;
  const { sport, purpose, executionId, fetchedAt } = message;
  const payload: OutputsCompleted = { sport, purpose, phase: 'phase2', flow, executionId, sourceVersionAt: fetchedAt, completions };
  await ports.bus.publish('phase2-raw-complete', { key: `${executionId}_phase2`, payload, correlationId });
}
