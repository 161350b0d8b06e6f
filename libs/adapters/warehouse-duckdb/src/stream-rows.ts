import type { Row, TableDefinition } from '@handoff/contracts';
import type { Engine } from './engine.ts';
import { stagedRows, stageRows } from './merge.ts';
import { quoteTable } from './sql/render.ts';
import type { StreamingBuffer } from './streaming-buffer.ts';

/**
 * Stores rows as `insertAll` does: at once, without looking at keys, and in the streaming buffer from now on.
 *
 * @throws `warehouse-schema-mismatch` for a row that does not fit; none is stored then.
 */
export async function streamRows(engine: Engine, buffer: StreamingBuffer, table: TableDefinition, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await stageRows(engine, { table, rows });
  await engine.transaction(async () => {
    await engine.script(`INSERT INTO ${quoteTable(table.name)} SELECT * FROM ${stagedRows}`);
    await buffer.record(table, stagedRows);
  });
}
