import type { Column, Row, TableDefinition } from '@handoff/contracts';
import { schemaMismatch, statementRefused } from './refusals.ts';
import { isDay } from './row-values.ts';
import { comparedText } from './subset.ts';

/** Which rows a merge speaks for, so that rows of it that are no longer in the source are deleted. */
export interface MergeScope {
  /** Values of the table's partition column. */
  readonly partitions: readonly string[];
  /** Optional further bound: only rows whose `column` is one of `values`. */
  readonly column?: string;
  readonly values?: readonly string[];
}

/**
 * Orders the writers of some rows: what a later one has written is left as it is, whoever comes after it. A worker
 * that was given up for lost, or a message that arrives out of order, takes nothing back this way.
 */
export interface MergeOrder {
  /** An INT64 or TIMESTAMP column of the table that tells which writer is the later one: a revision, the time of a fetch. */
  readonly column: string;
  /** The value of this request's rows. */
  readonly value: number;
  /** The column whose values stand or fall together; absent: a whole partition does. */
  readonly unit?: string;
}

export interface MergePlan {
  readonly table: TableDefinition;
  readonly rows: readonly Row[];
  readonly scope: MergeScope | undefined;
  readonly order: MergeOrder | undefined;
  /** True: rows that are there stay as they are, and nothing is deleted. */
  readonly insertsOnly?: boolean;
  /** What stands after USING, with the alias `s`: a table, or UNNEST of a parameter. Its columns are the table's. */
  readonly source: string;
}

/**
 * The one MERGE, in GoogleSQL, by which both warehouses write rows: on the natural key, updating only where a
 * business column differs, inserting what is new, and deleting what the scope covers and the source lacks. With an
 * order, a row that differs in nothing is updated too where its place in the order moves forward.
 *
 * A table that demands a partition filter gets one in ON, where BigQuery looks for it: the equality of two
 * columns is none. It names the days of the rows and of the scope, so it takes no match away.
 *
 * @throws `warehouse-statement-refused` for a partition that is no date, `warehouse-schema-mismatch` for a
 *   scope on a column that the table does not have.
 */
export function mergeStatement({ table, rows, scope, order, insertsOnly = false, source }: MergePlan): string {
  const columns = table.columns.map(({ name }) => quoted(name));
  const others = table.columns.filter(({ name }) => !table.key.includes(name));
  const compared = comparedColumns(others);
  // Units of a later writer have been left out by now; one that writes in the meantime keeps its rows.
  const earlier = order === undefined ? '' : `NOT IFNULL(${later(table, order)}, FALSE) AND `;
  // An equal row of a later writer is that writer's now: left with its old place, it would let one between the two in.
  const moved = order === undefined ? [] : [`t.${quoted(order.column)} < s.${quoted(order.column)}`];
  const deleted = scope === undefined ? undefined : scopeCondition(table, scope);
  return [
    `MERGE INTO \`${table.name}\` AS t USING ${source} ON ${matchCondition(table, rows, scope)}`,
    ...(insertsOnly || compared.length === 0
      ? []
      : [`WHEN MATCHED AND ${earlier}(${[...compared.map(differs), ...moved].join(' OR ')}) THEN UPDATE SET ${others.map(({ name }) => `${quoted(name)} = s.${quoted(name)}`).join(', ')}`]),
    `WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${columns.map((name) => `s.${name}`).join(', ')})`,
    ...(insertsOnly || deleted === undefined ? [] : [`WHEN NOT MATCHED BY SOURCE AND ${earlier}${deleted} THEN DELETE`]),
  ].join('\n');
}

/**
 * The SELECT, in GoogleSQL, of the units of a request in which a later writer has rows: `partition` is a day, `unit`
 * the value of the order's unit or NULL. `undefined` where the request names no day.
 *
 * @throws `warehouse-schema-mismatch` for an order by a column that the table does not have.
 */
export function supersededStatement({ table, rows, scope, order }: Omit<MergePlan, 'source' | 'order'> & { readonly order: MergeOrder }): string | undefined {
  const days = partitionDays(table, rows, scope);
  if (days.length === 0) return undefined;
  const partition = isDatePartitioned(table) ? `t.${quoted(table.partition)}` : `CAST(t.${quoted(table.partition)} AS DATE)`;
  const unit = order.unit === undefined ? 'CAST(NULL AS STRING)' : `CAST(t.${quoted(order.unit)} AS STRING)`;
  return `SELECT DISTINCT CAST(${partition} AS STRING) AS \`partition\`, ${unit} AS \`unit\` FROM \`${table.name}\` AS t WHERE ${inPartitions(table, days)} AND ${later(table, order)}`;
}

/** True for a row that a later writer has written. */
function later(table: TableDefinition, order: MergeOrder): string {
  const column = table.columns.find(({ name }) => name === order.column);
  if (column === undefined) throw schemaMismatch(`merge ${table.name}: the order's column ${order.column} is not a column of the table`, { table: table.name, column: order.column });
  const value = Math.trunc(order.value);
  return `t.${quoted(order.column)} > ${column.type === 'TIMESTAMP' ? `TIMESTAMP '${new Date(value).toISOString()}'` : String(value)}`;
}

/** True when there is nothing to write and nothing to delete, so that no statement need be sent. */
export const mergesNothing = (rows: readonly Row[], scope: MergeScope | undefined): boolean =>
  rows.length === 0 && (scope === undefined || scope.partitions.length === 0 || (scope.column !== undefined && (scope.values ?? []).length === 0));

const quoted = (name: string): string => `\`${name}\``;

/**
 * A content hash stands for all business columns, and halves the time of a merge that changes nothing. The
 * label of a degraded run is no business column, and is taken off when a whole run makes the same rows.
 */
function comparedColumns(others: readonly Column[]): readonly Column[] {
  const hashed = others.some(({ name }) => name === 'data_hash');
  return hashed ? others.filter(({ name }) => name === 'data_hash' || name === 'is_degraded') : others;
}

function differs({ name, type, mode }: Column): string {
  // BigQuery compares neither JSON nor arrays.
  if (type === 'JSON' || mode === 'REPEATED') return `${comparedText}(t.${quoted(name)}) IS DISTINCT FROM ${comparedText}(s.${quoted(name)})`;
  return `t.${quoted(name)} IS DISTINCT FROM s.${quoted(name)}`;
}

function matchCondition(table: TableDefinition, rows: readonly Row[], scope: MergeScope | undefined): string {
  const keys = table.key.map((name) => `t.${quoted(name)} = s.${quoted(name)}`).join(' AND ');
  // A partition column outside the key cannot bound a match: the row may have moved from one to another.
  if (!table.partitionFilterRequired || !table.key.includes(table.partition)) return keys;
  return `${keys} AND ${inPartitions(table, partitionDays(table, rows, scope))}`;
}

/** The days that a request is about, in order: UTC days of instants where the table is partitioned by them. */
function partitionDays(table: TableDefinition, rows: readonly Row[], scope: MergeScope | undefined): readonly string[] {
  const dayOf = (value: unknown): unknown => (typeof value === 'number' && Number.isSafeInteger(value) ? new Date(value).toISOString().slice(0, 10) : value);
  const days = new Set([...rows.map((row) => dayOf(row[table.partition])), ...(scope?.partitions ?? [])]);
  return [...days].filter((day): day is string => isDay(day)).sort();
}

const isDatePartitioned = (table: TableDefinition): boolean => table.columns.some(({ name, type }) => name === table.partition && type === 'DATE');

function scopeCondition(table: TableDefinition, scope: MergeScope): string {
  const wrong = scope.partitions.find((day) => !isDay(day));
  if (wrong !== undefined) throw statementRefused(`merge ${table.name}: the partition ${wrong} is no date (YYYY-MM-DD)`, { table: table.name });
  const partitions = inPartitions(table, scope.partitions);
  if (scope.column === undefined) return partitions;
  const column = table.columns.find(({ name }) => name === scope.column);
  if (column === undefined) {
    throw schemaMismatch(`merge ${table.name}: the scope's column ${scope.column} is not a column of the table`, { table: table.name, column: scope.column });
  }
  const value = column.type === 'STRING' ? `t.${quoted(column.name)}` : `CAST(t.${quoted(column.name)} AS STRING)`;
  return `${partitions} AND ${membership(value, (scope.values ?? []).map(textLiteral))}`;
}

/** Bounds on the bare partition column: BigQuery prunes by them, and not by a function of it. */
function inPartitions(table: TableDefinition, days: readonly string[]): string {
  const column = `t.${quoted(table.partition)}`;
  if (isDatePartitioned(table)) return membership(column, days.map((day) => `DATE '${day}'`));
  if (days.length === 0) return 'FALSE';
  return `(${days.map((day) => `${column} >= ${midnight(day)} AND ${column} < ${midnight(dayAfter(day))}`).join(' OR ')})`;
}

const membership = (expression: string, values: readonly string[]): string => (values.length === 0 ? 'FALSE' : `${expression} IN (${values.join(', ')})`);

const midnight = (day: string): string => `TIMESTAMP '${day} 00:00:00+00'`;

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as a GoogleSQL literal of the subset. */
const textLiteral = (text: string): string => `'${text.replaceAll(/[\\'\n\r\t]/g, (character) => escapes[character] ?? character)}'`;
