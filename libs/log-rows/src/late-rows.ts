import { tableNamed, type TableName } from '@handoff/catalogue';
import { PipelineError, type EpochMs, type Row } from '@handoff/contracts';
import { documentId, type StateDocument, type StateRef, type StateStore, type StateWrite } from '@handoff/ports';

/** `late_log_rows`: one per row of a log that the warehouse did not take; the latest of its key. */
export interface LateRowDocument extends StateDocument {
  readonly table: TableName;
  readonly row: Row;
  readonly lateSince: EpochMs;
  /** The code of the refusal. */
  readonly code: string;
}

export const lateLogRows = 'late_log_rows';

export function lateRef(table: TableName, row: Row): StateRef {
  const key = tableNamed(table).key.map((column) => String(row[column])).join('|');
  return { collection: lateLogRows, id: documentId(`${table}|${key}`) };
}

/** Well below the 500 writes that a batch may have. */
const writesMax = 400;

/** Keeps rows for later; a row of the same key that waits already is replaced. */
export async function keepLate(state: StateStore, documents: readonly LateRowDocument[]): Promise<void> {
  await inBatches(state, documents.map((value) => ({ kind: 'set', ref: lateRef(value.table, value.row), value })));
}

/** Forgets rows whose key has been written since. */
export async function forgetLate(state: StateStore, table: TableName, rows: readonly Row[]): Promise<void> {
  await inBatches(state, rows.map((row) => ({ kind: 'delete', ref: lateRef(table, row) })));
}

async function inBatches(state: StateStore, writes: readonly StateWrite[]): Promise<void> {
  for (let first = 0; first < writes.length; first += writesMax) await state.batch(writes.slice(first, first + writesMax));
}

/** The rows of a log that are not in its table yet. Whoever decides by a log reads them beside it. */
export async function loadLateLogRows<Kind extends Row>(state: StateStore, table: TableName): Promise<readonly Kind[]> {
  const documents = await state.query<LateRowDocument>({ collection: lateLogRows, where: [{ field: 'table', operator: '==', value: table }] });
  // The row type is the caller's promise about its own table, as it is of a query.
  return documents.map(({ value }) => value.row as Kind);
}

/** True for what says something of the log's table. A holder that has lost its work must not go on, whatever it was writing. */
export const isRefusal = (error: unknown): error is PipelineError => error instanceof PipelineError && error.code !== 'claim-lost';
