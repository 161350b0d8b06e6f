import { tableNamed, type TableName } from '@handoff/catalogue';
import { PipelineError } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';

interface Copies extends Record<string, unknown> {
  readonly copies: number;
}

/**
 * Makes sure that no natural key of a table stands twice on the given dates.
 *
 * @throws `keys-doubled` (reject), naming some: they are there, and have to be taken out by hand.
 */
export async function refuseDoubledKeys(warehouse: Warehouse, table: TableName, dates: readonly string[]): Promise<void> {
  const { key, partition } = tableNamed(table);
  const columns = key.map((column) => `rows_there.${column}`).join(', ');
  const text = `SELECT ${columns}, COUNT(*) AS copies FROM \`${table}\` AS rows_there WHERE rows_there.${partition} IN UNNEST(@dates) GROUP BY ${columns}`;
  const rows = await warehouse.query<Copies>({ name: 'load-raw/copies-of-keys', text }, { dates: { type: 'ARRAY<DATE>', value: dates } });
  const doubled = rows.filter(({ copies }) => copies > 1);
  if (doubled.length === 0) return;
  const shown = doubled.slice(0, 5).map((row) => key.map((column) => String(row[column])).join('|'));
  throw new PipelineError({ code: 'keys-doubled', disposition: 'reject', message: `${doubled.length} keys of ${table} stand more than once, ${shown.join(', ')} among them: take the copies out`, facts: { table, doubled: doubled.length, keys: shown } });
}
