import type { TableName } from '@handoff/catalogue';
import { days, elapsed, type DurationMs, type PipelineError } from '@handoff/contracts';
import type { Log, Notifier, StateDocument, StateRef, VersionedDocument } from '@handoff/ports';
import { resourceOf } from '@handoff/waiting-work';
import { isRefusal, lateLogRows, type LateRowDocument } from './late-rows.ts';
import type { LogPorts } from './write-log-rows.ts';

/** `lost_log_rows`: one per table; how many rows of it were given up, ever. */
export interface LostRowsDocument extends StateDocument {
  readonly count: number;
}

export const lostRef = (table: TableName): StateRef => ({ collection: 'lost_log_rows', id: table });

/** A row that could not be written for this long is given up: whoever decides by a log looks no further back than two days. */
const lateMax: DurationMs = days(1);

/** A transaction reads and writes each document: within what one may hold. */
const settledMax = 200;

type LateRow = VersionedDocument<LateRowDocument>;

interface SweepPorts extends LogPorts {
  readonly notifier: Notifier;
}

export interface SweptRows {
  readonly written: number;
  readonly lost: number;
}

/**
 * Writes log rows that the warehouse refused before, oldest first, at most `limit`: each table's by one MERGE. A row
 * that is wrong in itself is parted from the others. What a table still refuses is left to the next sweep; after a day
 * it is counted in `lost_log_rows`, given up, and told of as `log-rows-lost`. A table that refuses for a fault of ours is
 * told of at once, and resolved when it takes rows again.
 */
export async function writeLateLogRows(ports: SweepPorts, log: Log, limit: number): Promise<SweptRows> {
  const late = await ports.state.query<LateRowDocument>({ collection: lateLogRows, orderBy: { field: 'lateSince', direction: 'asc' }, limit });
  let [written, lost] = [0, 0];
  for (const table of new Set(late.map(({ value }) => value.table))) {
    const rows = late.filter(({ value }) => value.table === table);
    const refused = new Set(await mergeParted(ports, log, rows));
    const taken = rows.filter((row) => !refused.has(row));
    await settle(ports, taken);
    if (taken.length > 0) await tellTaken(ports, table);
    const given = [...refused].filter(({ value }) => elapsed(value.lateSince, ports.clock.now()) >= lateMax);
    await giveUp(ports, table, given);
    written += taken.length;
    lost += given.length;
  }
  return { written, lost };
}

/** Writes rows of one table and tells which it refused. Rows that could never be written are halved until they are alone. */
async function mergeParted(ports: SweepPorts, log: Log, rows: readonly LateRow[]): Promise<readonly LateRow[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const { table } = first.value;
  try {
    await ports.warehouse.merge({ table, rows: rows.map(({ value }) => value.row) });
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log.warn({ error, code: error.code, table, rows: rows.length }, 'late log rows not written');
    const isOfRows = error.disposition === 'reject' || error.code === 'warehouse-schema-mismatch';
    if (!isOfRows && error.disposition === 'defer') await tellRefused(ports, table, error);
    if (!isOfRows || rows.length === 1) return rows;
    const half = Math.ceil(rows.length / 2);
    return [...(await mergeParted(ports, log, rows.slice(0, half))), ...(await mergeParted(ports, log, rows.slice(half)))];
  }
}

/** A fault of ours is loud at its first sweep, though nothing waits for a log. */
async function tellRefused({ notifier, clock }: SweepPorts, table: TableName, { code, message, facts }: PipelineError): Promise<void> {
  const subject = resourceOf({ code, facts: { table } });
  await notifier.alert({ cause: 'platform-fault', subject, severity: 'error', title: `${subject}: ${code}`, facts: { ...facts, code, message }, at: clock.now() });
}

async function tellTaken({ notifier, clock }: SweepPorts, table: TableName): Promise<void> {
  const at = clock.now();
  await notifier.resolve('log-rows-lost', table, at);
  await notifier.resolve('platform-fault', resourceOf({ code: 'warehouse-unavailable', facts: { table } }), at);
}

/** Takes rows off the list, but for those that were replaced since they were read. */
async function settle({ state }: SweepPorts, rows: readonly LateRow[]): Promise<void> {
  for (let first = 0; first < rows.length; first += settledMax) {
    const part = rows.slice(first, first + settledMax);
    await state.transact(part.map(({ ref }) => ref), (documents) => ({
      writes: part.filter(({ version }, index) => documents[index]?.version === version).map(({ ref }) => ({ kind: 'delete', ref })),
      result: undefined,
    }));
  }
}

async function giveUp(ports: SweepPorts, table: TableName, rows: readonly LateRow[]): Promise<void> {
  const [oldest] = rows;
  if (oldest === undefined) return;
  // Counted before they are dropped: a crash in between counts twice, and never too few.
  await ports.state.increment(lostRef(table), 'count', rows.length);
  await settle(ports, rows);
  await ports.notifier.alert({
    cause: 'log-rows-lost', subject: table, severity: 'error', title: `${rows.length} rows of ${table} are lost`,
    facts: { table, rows: rows.length, lateSince: oldest.value.lateSince, code: oldest.value.code }, at: ports.clock.now(),
  });
}
