import type { TableName } from '@handoff/catalogue';
import type { Row } from '@handoff/contracts';
import type { Clock, Log, StateStore, Warehouse } from '@handoff/ports';
import { forgetLate, isRefusal, keepLate } from './late-rows.ts';

export interface LogPorts {
  readonly warehouse: Warehouse;
  readonly state: StateStore;
  readonly clock: Clock;
}

export interface LogWrite {
  readonly table: TableName;
  readonly rows: readonly Row[];
}

/**
 * Writes rows of a log that is read by its key, and never stops the work that it tells of: rows that the warehouse
 * refuses, for whatever reason, are kept in the state store, and the outbox sweeper writes them later. Idempotent: the
 * last that was told of a key stands, late or not, but for one case: a late row that a sweep has just read may come
 * after a newer one of its key. Such a row says less than is true, so who decides by it does once more what was done.
 *
 * @throws what the state store throws when the rows cannot be kept either, and `claim-lost`.
 */
export async function writeLogRows({ warehouse, state, clock }: LogPorts, log: Log, { table, rows }: LogWrite): Promise<'written' | 'kept'> {
  if (rows.length === 0) return 'written';
  try {
    await warehouse.merge({ table, rows });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log.warn({ error, code: error.code, table, rows: rows.length }, 'log rows not written yet');
    const lateSince = clock.now();
    await keepLate(state, rows.map((row) => ({ table, row, lateSince, code: error.code })));
    return 'kept';
  }
  await forgetLate(state, table, rows);
  return 'written';
}
