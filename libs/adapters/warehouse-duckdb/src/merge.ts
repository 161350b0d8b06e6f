import type { TableDefinition } from '@handoff/contracts';
import { supersede, type MergeRequest, type MergeResult, type MergeScope, type Superseded } from '@handoff/ports';
import { columnList } from './columns.ts';
import type { Engine } from './engine.ts';
import { onePerTarget, schemaMismatch, statementRefused } from './errors.ts';
import { readRows } from './read-rows.ts';
import type { RowSelection } from './row-selections.ts';
import { quoteName, quoteTable, quoteText } from './sql/render.ts';
import { noParameters, type StreamingBuffer } from './streaming-buffer.ts';
import { appendRows, engineValue, refuseDuplicateKeys } from './write-rows.ts';

/** The temporary table that a batch of rows is loaded into. One is enough: statements run one at a time. */
const staging = 'staged_rows';
export const stagedRows = `temp.${staging}`;

/**
 * Merges rows into a table by one MERGE statement, which is atomic by itself.
 *
 * @throws as Warehouse.merge promises; nothing of the table has changed then.
 */
export async function mergeRows(engine: Engine, buffer: StreamingBuffer, table: TableDefinition, asked: MergeRequest): Promise<MergeResult> {
  refuseDuplicateKeys(table, asked.rows, onePerTarget);
  const superseded = await supersededBy(engine, table, asked);
  const request = supersede(table, asked, superseded);
  const sql = new MergeText(table, request.replaceScope);
  await stageRows(engine, table, request);
  await buffer.refuseIfTouched(table, sql.touched(), noParameters);
  const result = await engine.run(sql.statement());
  const counts = { INSERT: 0, UPDATE: 0, DELETE: 0 };
  for (const chunk of await result.fetchAllChunks()) {
    for (const action of chunk.getColumnValues(0)) if (action === 'INSERT' || action === 'UPDATE' || action === 'DELETE') counts[action] += 1;
  }
  // A key that a stream has doubled is updated twice for one source row.
  const unchanged = Math.max(0, request.rows.length - counts.INSERT - counts.UPDATE);
  return { inserted: counts.INSERT, updated: counts.UPDATE, deleted: counts.DELETE, unchanged, ...(superseded.length === 0 ? {} : { superseded }) };
}

/** The units of the request in which a later writer has rows. Statements run one at a time: what is read here holds for the merge. */
async function supersededBy(engine: Engine, table: TableDefinition, { rows, replaceScope, order }: MergeRequest): Promise<readonly Superseded[]> {
  if (order === undefined) return [];
  const partitions = [...new Set([...rows.map((row) => String(row[table.partition])), ...(replaceScope?.partitions ?? [])])];
  if (partitions.length === 0) return [];
  const column = table.columns.find(({ name }) => name === order.column);
  if (column === undefined) throw schemaMismatch(`merge ${table.name}: the order's column ${order.column} is not a column of the table`, { table: table.name, column: order.column });
  const value = column.type === 'TIMESTAMP' ? `epoch_ms(t.${quoteName(order.column)})` : `t.${quoteName(order.column)}`;
  const unit = order.unit === undefined ? 'NULL' : `t.${quoteName(order.unit)}`;
  const result = await engine.run(
    `SELECT DISTINCT CAST(t.${quoteName(table.partition)} AS VARCHAR) AS partition, CAST(${unit} AS VARCHAR) AS unit FROM ${quoteTable(table.name)} AS t
     WHERE ${scopeCondition(table, { partitions })} AND ${value} > ${Math.trunc(order.value)}`,
  );
  const newer = await readRows(result, `merge ${table.name}`);
  return newer.map((row) => ({ partition: String(row['partition']), ...(order.unit === undefined ? {} : { unit: String(row['unit']) }) }));
}

/** Loads rows into the staging table, replacing what was in it. */
export async function stageRows(engine: Engine, table: TableDefinition, request: Pick<MergeRequest, 'rows'>): Promise<void> {
  await engine.script(`CREATE OR REPLACE TEMP TABLE ${staging} (${columnList(table.columns)})`);
  if (request.rows.length > 0) await engine.append(staging, (appender) => { appendRows(appender, table, request.rows); });
}

/** The texts of one merge. `t` is the table, `s` the staged rows. */
class MergeText {
  private readonly table: TableDefinition;
  private readonly on: string;
  private readonly scope: string | undefined;

  constructor(table: TableDefinition, scope: MergeScope | undefined) {
    this.table = table;
    this.on = table.key.map((name) => `t.${quoteName(name)} = s.${quoteName(name)}`).join(' AND ');
    this.scope = scope === undefined ? undefined : scopeCondition(table, scope);
  }

  statement(): string {
    const columns = this.table.columns.map((column) => quoteName(column.name));
    const values = columns.map((name) => `s.${name}`).join(', ');
    const changed = this.changed();
    return [
      `MERGE INTO ${quoteTable(this.table.name)} AS t USING ${stagedRows} AS s ON ${this.on}`,
      changed === undefined ? '' : `WHEN MATCHED AND ${changed} THEN UPDATE SET ${this.others().map((name) => `${name} = s.${name}`).join(', ')}`,
      `WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${values})`,
      this.scope === undefined ? '' : `WHEN NOT MATCHED BY SOURCE AND ${this.scope} THEN DELETE`,
      'RETURNING merge_action',
    ].join('\n');
  }

  /** The existing rows that the statement would update or delete. */
  touched(): readonly RowSelection[] {
    const target = `${quoteTable(this.table.name)} AS t`;
    const changed = this.changed();
    const absent = `NOT EXISTS (SELECT 1 FROM ${stagedRows} AS s WHERE ${this.on})`;
    const common = { alias: 't', pieces: [] };
    return [
      ...(changed === undefined ? [] : [{ ...common, from: `${target}, ${stagedRows} AS s`, where: `${this.on} AND ${changed}`, joined: true }]),
      ...(this.scope === undefined ? [] : [{ ...common, from: target, where: `${absent} AND ${this.scope}`, joined: false }]),
    ];
  }

  private others(): readonly string[] {
    return this.table.columns.filter((column) => !this.table.key.includes(column.name)).map((column) => quoteName(column.name));
  }

  /**
   * A content hash stands for all business columns, and halves the time of a merge that changes nothing. The
   * label of a degraded run is no business column, and is taken off when a whole run makes the same rows.
   */
  private changed(): string | undefined {
    const compared = this.others().includes('"data_hash"') ? this.others().filter((name) => name === '"data_hash"' || name === '"is_degraded"') : this.others();
    return compared.length === 0 ? undefined : `(${compared.map((name) => `t.${name} IS DISTINCT FROM s.${name}`).join(' OR ')})`;
  }
}

function scopeCondition(table: TableDefinition, scope: MergeScope): string {
  const days = scope.partitions.map((day) => {
    if (engineValue('DATE', day) === undefined) throw statementRefused(`merge ${table.name}: the partition ${day} is no date (YYYY-MM-DD)`, { table: table.name });
    return `DATE ${quoteText(day)}`;
  });
  // CAST of a TIMESTAMP gives its UTC day, the connection's zone being UTC.
  const inPartitions = membership(`CAST(t.${quoteName(table.partition)} AS DATE)`, days);
  if (scope.column === undefined) return inPartitions;
  if (!table.columns.some((column) => column.name === scope.column)) {
    throw schemaMismatch(`merge ${table.name}: the scope's column ${scope.column} is not a column of the table`, { table: table.name, column: scope.column });
  }
  return `${inPartitions} AND ${membership(`CAST(t.${quoteName(scope.column)} AS VARCHAR)`, (scope.values ?? []).map(quoteText))}`;
}

const membership = (expression: string, values: readonly string[]): string => (values.length === 0 ? 'FALSE' : `${expression} IN (${values.join(', ')})`);
