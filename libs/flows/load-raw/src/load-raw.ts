import { entitiesOfBoxScores, EntityBreakers } from '@handoff/breakers';
import { outputNamed, scraperOfPath, type CircuitBreakerConfig, type Scraper, type TableName } from '@handoff/catalogue';
import { PipelineError, type Completion, type EpochMs, type FilesStored, type Flow, type OutputsCompleted } from '@handoff/contracts';
import { notePulse, rowsOf } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Ports, RunRecord, Superseded } from '@handoff/ports';
import { loadSlates, projectSlates, type Slates } from '@handoff/read-models';
import { addDays } from '@handoff/slate';
import type { Conflict } from '@handoff/streaming-conflicts';
import { keepAvailability, tellsAvailability } from './keep-availability.ts';
import { completionsFrom } from './completions.ts';
import { beginLoading, partsOf, rememberLoaded, type Loading } from './loaded-files.ts';
import { readFiles, type FileReading } from './read-files.ts';
import { reportFindings } from './report-findings.ts';
import { retryMissingGames } from './retry-missing-games.ts';
import { isOrdered } from './merge-of.ts';
import { writeGames } from './write-games.ts';

/** Sources list games a little before and after the date that they are asked for. */
const daysBefore = 1;
const daysAfter = 3;

/**
 * Loads stored answers into the raw table that the catalogue names for their prefix, and announces what the
 * table now holds. Content that was loaded last is not loaded again, but for a row of the log of attempts, and an answer that is older
 * than the one that was is skipped (`superseded`); newer content replaces the rows that it speaks of. Nothing for games that are over is
 * `no_data`: reported, not remembered, and no completion.
 *
 * @throws `unknown-storage-path` (reject) for a path under no prefix; the message is kept.
 */
export async function loadRaw(message: FilesStored, context: FlowContext, config: CircuitBreakerConfig): Promise<FlowReport> {
  const scraper = ownerOf(message);
  if (scraper.loads === 'skip') return { outcome: 'stored-only', facts: { scraper: scraper.name } };
  const { ports } = context;
  const startedAt = ports.clock.now();
  const loading: Loading = { parts: partsOf(scraper.name, message), fetchedAt: message.fetchedAt, isOrdered: isOrdered(scraper) };
  // Pages speak together for the games that they list: one that is new makes all of them be read again.
  const begun = message.games === undefined && message.reload === undefined ? await beginLoading(ports.state, loading) : 'load';
  // That the source had the same again is an attempt like any other: told by its file, and nothing asked of the warehouse.
  if (begun === 'identical' && tellsAvailability({ scraper, message })) await keepAvailability({ scraper, message, ...(await readAnswer(scraper, message, ports)) }, context);
  if (begun !== 'load') return { outcome: begun === 'identical' ? 'identical-content' : 'superseded', facts: { scraper: scraper.name, files: message.files.length } };

  const { slates, reading } = await readAnswer(scraper, message, ports);
  const { written: { superseded = [], ...written }, conflicts } = await writeGames({ scraper, table: scraper.loads, reading, message, config }, context);
  // The schedule says which games there are: it is projected before anybody is told that it was loaded.
  if (scraper.loads === 'nba_raw.nbac_schedule') await projectSlates(ports, message.gameDate);
  await notePulse(ports.state);
  const breakersReset = await resetEntities({ scraper, message, reading, config }, context);
  // What is limited to some games says nothing of the others.
  const missing = isWhole(message) ? await reportFindings({ scraper, message, reading, slates }, context) : [];
  await retryMissingGames({ scraper, message, slates, missing }, ports);
  await keepAvailability({ scraper, message, reading, slates }, context);
  const completed = standing(completionsFrom(scraper, message, reading), superseded, conflicts);
  await announce(message, completed, context);
  if (reading.rows.length > 0 && missing.length === 0 && reading.unresolved.length === 0 && conflicts.length === 0 && isWhole(message)) await rememberLoaded(ports.state, loading);
  const facts = { scraper: scraper.name, files: message.files.length, ...written, superseded: superseded.length, notStarted: reading.notStarted.length, missing: missing.length, conflicts: conflicts.length, breakersReset };
  return { outcome: reading.rows.length === 0 ? 'no_data' : 'loaded', facts, ended: recordsOf(scraper.loads, message, { completed, startedAt }) };
}

/** What an answer says of the games that it is wanted for, and the slates that it is read with. */
async function readAnswer(scraper: Scraper, message: FilesStored, ports: Ports): Promise<{ readonly slates: Slates; readonly reading: FileReading }> {
  const slates = await loadSlates(ports, addDays(message.gameDate, -daysBefore), addDays(message.untilDate, daysAfter));
  const files = message.files.filter(({ path }) => scraperOfPath(path)?.name === scraper.name);
  return { slates, reading: ofWanted(message, await readFiles({ scraper, files, message, games: [...slates.values()].flat() }, ports)) };
}

const isWhole = ({ recheck, games }: FilesStored): boolean => recheck === undefined && games === undefined;

interface Arrived {
  readonly scraper: Scraper;
  readonly message: FilesStored;
  readonly reading: FileReading;
  readonly config: CircuitBreakerConfig;
}

/** Box scores are what players and teams are locked out for the lack of: those whose rows have come count no failures any more. */
function resetEntities({ scraper, message, reading, config }: Arrived, { ports, correlationId }: FlowContext): Promise<number> {
  if (outputNamed(scraper.loads)?.flow !== 'postgame' || reading.rows.length === 0) return Promise.resolve(0);
  const note = `${scraper.name} brought box scores of ${[...new Set(reading.rows.map((row) => String(row['game_date'])))].toSorted().join(', ')} (${message.executionId})`;
  return new EntityBreakers(ports, config).resetForData(entitiesOfBoxScores(reading.rows), note, correlationId);
}

interface Completed {
  readonly flow: Flow;
  readonly completions: readonly Completion[];
}

/** Of what is limited to some games only those: pages are read whole, since they speak together. */
function ofWanted({ recheck, games: wanted = recheck?.games }: FilesStored, reading: FileReading): FileReading {
  if (wanted === undefined) return reading;
  const games: ReadonlySet<unknown> = new Set(wanted);
  return { ...reading, rows: reading.rows.filter((row) => games.has(row['nba_game_id'] ?? row['game_id'])), notStarted: [], unresolved: [] };
}

/** A game whose later answer is there already is not completed by this one, nor is one that could not be written. */
const standing = ({ flow, completions }: Completed, superseded: readonly Superseded[], conflicts: readonly Conflict[]): Completed => ({
  flow,
  completions: completions.filter(({ scope }) => !conflicts.some(({ unit }) => unit === scope)).filter(({ gameDate, scope }) => !superseded.some(({ partition, unit }) => partition === gameDate && (unit === undefined || unit === scope))),
});

/** One record for each date that the run loaded rows of. */
function recordsOf(table: TableName, { executionId, recheck }: FilesStored, { completed: { flow, completions }, startedAt }: { readonly completed: Completed; readonly startedAt: EpochMs }): readonly RunRecord[] {
  return [...new Set(completions.map(({ gameDate }) => gameDate))].map((date): RunRecord => {
    const own = completions.filter(({ gameDate }) => gameDate === date);
    return { kind: 'processor-run', runId: `${executionId}${recheck === undefined ? '' : `_recheck${recheck.attempt}`}|${table}|${date}`, name: table, phase: 'phase2', flow, gameDate: date, revision: null, status: 'complete', startedAt, games: own.length, rows: rowsOf(own) };
  });
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
    message: `${path} is under no storage prefix of the catalogue: add the scraper's prefix, then send the message again with the attribute redrive`,
    facts: { path },
  });
}

async function announce(message: FilesStored, { flow, completions }: Completed, { ports, correlationId }: FlowContext): Promise<void> {
  if (completions.length === 0) return;
  const { sport, purpose, executionId, fetchedAt, recheck } = message;
  const payload: OutputsCompleted = { sport, purpose, phase: 'phase2', flow, executionId, sourceVersionAt: fetchedAt, completions: [...completions] };
  await ports.bus.publish('phase2-raw-complete', { key: `${executionId}_phase2${recheck === undefined ? '' : `_recheck${recheck.attempt}`}`, payload, correlationId });
}
