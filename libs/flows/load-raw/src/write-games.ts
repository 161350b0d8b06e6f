import { breakerOpen, CircuitBreakers } from '@handoff/breakers';
import { nextRecheck, type CircuitBreakerConfig, type Scraper, type TableName } from '@handoff/catalogue';
import { after, gameDate, type FilesStored } from '@handoff/contracts';
import type { FlowContext, MergeResult, Ports } from '@handoff/ports';
import { noteConflict, resolveConflicts, writeAroundConflicts, type Conflict, type WrittenAround } from '@handoff/streaming-conflicts';
import type { FileReading } from './read-files.ts';
import { refuseDoubledKeys } from './refuse-doubled-keys.ts';
import { mergeOf } from './merge-of.ts';

export interface GamesToWrite {
  readonly scraper: Scraper;
  readonly table: TableName;
  readonly reading: FileReading;
  readonly message: FilesStored;
  readonly config: CircuitBreakerConfig;
}

/** The column that tells the games of a raw table apart, of those whose answers replace one another by game. */
const unit = 'nba_game_id';

/**
 * Writes an answer's rows. Games that the warehouse does not let us change yet, since somebody has streamed rows of
 * them, are left as they are and looked at again later; the others proceed. Where more than the configured share of the
 * games is in conflict, the breaker of the write path opens and later files wait as a whole.
 *
 * @throws `breaker-open` (defer) while it is, and what the warehouse throws.
 */
export async function writeGames(asked: GamesToWrite, context: FlowContext): Promise<WrittenAround> {
  const { scraper, table, reading, message } = asked;
  const { ports } = context;
  const request = mergeOf(scraper, table, reading, message.fetchedAt);
  if (scraper.replaces !== 'games' || reading.rows.length === 0) return { written: await ports.warehouse.merge(request), conflicts: [] };
  const order = message.recheck?.force;
  if (order !== undefined) return { written: await force(asked, order.reason, ports), conflicts: [] };
  const outcome = await underBreaker(asked, ports, () => writeAroundConflicts(ports.warehouse, request, unit));
  await settleConflicts(asked, outcome.conflicts, context);
  return outcome;
}

/** A look at a few games again says little of the path: it opens no breaker that is closed. */
async function underBreaker({ table, reading, message, config }: GamesToWrite, ports: Ports, write: () => Promise<WrittenAround>): Promise<WrittenAround> {
  const breakers = new CircuitBreakers(ports, config);
  const name = { kind: 'write-path', subject: table } as const;
  const admission = await breakers.admit(name);
  if (admission.verdict === 'refuse') throw breakerOpen(name, admission.until);
  const outcome = await write();
  const isTrial = admission.reason !== 'closed';
  if (isTrial || (outcome.conflicts.length > 0 && message.recheck === undefined)) await breakers.recordBatch(name, { conflicts: outcome.conflicts.length, games: gamesOf(reading).length });
  return outcome;
}

const gamesOf = ({ rows }: FileReading): readonly string[] => [...new Set(rows.map((row) => String(row[unit])))];

async function settleConflicts({ table, reading, message }: GamesToWrite, conflicts: readonly Conflict[], { ports, correlationId }: FlowContext): Promise<void> {
  const now = ports.clock.now();
  const inConflict = new Set(conflicts.map(({ unit: game }) => game));
  await resolveConflicts(ports, { table, games: gamesOf(reading).filter((game) => !inConflict.has(game)), method: 'auto_retry' }, now);
  if (conflicts.length === 0) return;
  const { recheck: last, ...files } = message;
  const rechecks = last?.attempt ?? 0;
  for (const { unit: game, partitions: [date = message.gameDate], until, message: refusal } of conflicts) {
    await noteConflict(ports, { table, game, gameDate: gameDate(date), recheck: rechecks, details: { executionId: message.executionId, until, refusal }, files }, now);
  }
  const wait = nextRecheck(rechecks);
  if (wait === undefined) return;
  const again = { games: [...inConflict], attempt: rechecks + 1 };
  await ports.delays.schedule('phase1-scrapers-complete', { key: `${message.executionId}_recheck${again.attempt}`, payload: { ...files, recheck: again }, correlationId }, after(now, wait));
}

/** Inserts the rows that are not there, which streamed rows do not stand in the way of, and makes sure that no key is doubled by it. */
async function force({ scraper, table, reading, message }: GamesToWrite, reason: string, ports: Ports): Promise<MergeResult> {
  const written = await ports.warehouse.merge({ ...mergeOf(scraper, table, reading, message.fetchedAt), insertsOnly: true });
  await refuseDoubledKeys(ports.warehouse, table, [...new Set(reading.rows.map((row) => String(row['game_date'])))]);
  await resolveConflicts(ports, { table, games: gamesOf(reading), method: 'force_mode', reason }, ports.clock.now());
  return written;
}
