import type { BigQuery } from '@google-cloud/bigquery';
import type { Attempts } from '@handoff/attempts';
import { after, hours, type Row, type TableDefinition } from '@handoff/contracts';
import type { Clock, Log } from '@handoff/ports';
import { sentAgain } from './attempts.ts';
import { failureOf } from './errors.ts';
import type { Jobs } from './jobs.ts';
import { rowLines } from './row-parameter.ts';

/** How long a staging table is kept that a process which died has left behind. */
const keptFor = hours(1);

export interface Staging {
  readonly client: BigQuery;
  readonly attempts: Attempts;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StagedBatch {
  readonly table: TableDefinition;
  readonly rows: readonly Row[];
  /** Names the batch's table and its load job. */
  readonly callId: string;
}

/**
 * Puts rows into a table of their own by a load job, lets `use` read it, and deletes it.
 *
 * The table is new with each call, so none comes near the 1,500 load jobs a day that BigQuery takes for the table
 * that they fill. They count for the project's 100,000 (quotas.ts).
 */
export async function withStagedRows<Result>(staging: Staging, batch: StagedBatch, use: (stagingTable: string) => Promise<Result>): Promise<Result> {
  const [dataset = '', name = ''] = batch.table.name.split('.');
  const id = `staged_${name}_${batch.callId.replaceAll('-', '')}`;
  const table = staging.client.dataset(dataset).table(id);
  const lines = rowLines(batch.table, batch.rows);
  await sentAgain(staging.attempts, () => table.create(resourceOf(batch.table, after(staging.clock.now(), keptFor)))).catch(unlessStatus(409));
  try {
    await staging.jobs.load({ jobId: `${batch.callId}-load`, dataset, table: id, lines });
    return await use(`${dataset}.${id}`);
  } finally {
    // What became of the merge is what the caller needs to hear; a table that stays goes by itself.
    await sentAgain(staging.attempts, () => table.delete()).catch((error: unknown) => { staging.log.warn({ table: `${dataset}.${id}`, error }, 'a staging table is left to expire'); });
  }
}

function resourceOf({ columns }: TableDefinition, expiresAt: number) {
  return { schema: { fields: columns.map(({ name, type, mode }) => ({ name, type, mode })) }, expirationTime: String(expiresAt) };
}

/** Passes over the one failure that says that the work was done before. */
const unlessStatus = (status: number) => (error: unknown): undefined => {
  if (failureOf(error).status !== status) throw error;
  return undefined;
};
