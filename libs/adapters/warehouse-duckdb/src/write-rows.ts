import { DuckDBDataChunk, DuckDBDateValue, DuckDBListValue, DuckDBTimestampTZValue, type DuckDBAppender, type DuckDBValue } from '@duckdb/node-api';
import type { Column, ColumnType, Row, TableDefinition } from '@handoff/contracts';
import { appendedType, isNullable } from './columns.ts';
import { schemaMismatch, statementRefused } from './errors.ts';

/** DuckDB's vector size: what it takes at once without copying. */
const chunkRows = 2_048;
const msPerDay = 86_400_000;

type Writer = (value: unknown) => DuckDBValue | undefined;

/** Each gives `undefined` for a value that is not of its type. */
const writers: Readonly<Record<ColumnType, () => Writer>> = {
  STRING: () => (value) => (typeof value === 'string' ? value : undefined),
  INT64: () => (value) => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  FLOAT64: () => (value) => (Number.isFinite(value) ? (value as number) : undefined),
  BOOL: () => (value) => (typeof value === 'boolean' ? value : undefined),
  DATE: dateWriter,
  TIMESTAMP: () => (value) => (Number.isSafeInteger(value) ? new DuckDBTimestampTZValue(BigInt(value as number) * 1000n) : undefined),
  JSON: () => (value) => jsonText(value),
};

/**
 * Appends rows to the table that the appender is open on, whose columns are `table.columns` in order.
 *
 * @throws `warehouse-schema-mismatch` for the first row that does not fit, naming table, column and row key.
 */
export function appendRows(appender: DuckDBAppender, table: TableDefinition, rows: readonly Row[]): void {
  refuseUnknownColumns(table, rows);
  const types = table.columns.map(appendedType);
  const columnWriters = table.columns.map(columnWriter);
  for (let first = 0; first < rows.length; first += chunkRows) {
    const part = rows.slice(first, first + chunkRows);
    const chunk = DuckDBDataChunk.create(types, part.length);
    for (const [index, column] of table.columns.entries()) {
      const write = columnWriters[index];
      if (write === undefined) continue;
      chunk.setColumnValues(index, part.map((row) => valueOf(row, { table, column, write })));
    }
    appender.appendDataChunk(chunk);
  }
}

/** The value of one parameter or element; `undefined` when it is not of the type. */
export const engineValue = (type: ColumnType, value: unknown): DuckDBValue | undefined => writers[type]()(value);

/** `column=value` of the natural key, as errors and facts name a row. */
export const keyText = (table: TableDefinition, row: Row): string => table.key.map((column) => `${column}=${String(row[column])}`).join(', ');

/**
 * Refuses two source rows for one target, as BigQuery's MERGE does.
 *
 * @throws `warehouse-statement-refused` with the first key that occurs twice.
 */
export function refuseDuplicateKeys(table: TableDefinition, rows: readonly Row[], refusal: string): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = JSON.stringify(table.key.map((column) => row[column]));
    if (seen.has(key)) throw statementRefused(`merge ${table.name}: ${refusal}: twice ${keyText(table, row)}`, { table: table.name, key });
    seen.add(key);
  }
}

interface Cell {
  readonly table: TableDefinition;
  readonly column: Column;
  readonly write: Writer;
}

function valueOf(row: Row, { table, column, write }: Cell): DuckDBValue {
  const value = row[column.name];
  if (value === undefined || value === null) {
    if (isNullable(column)) return null;
    throw mismatch({ table, column: column.name, row }, value === undefined ? 'is missing and required' : 'is null and required');
  }
  const written = write(value);
  if (written !== undefined) return written;
  throw mismatch({ table, column: column.name, row }, `is no ${column.mode === 'REPEATED' ? 'array of ' : ''}${column.type}: ${JSON.stringify(value)}`);
}

function mismatch(cell: { readonly table: TableDefinition; readonly column: string; readonly row: Row }, what: string): Error {
  const key = keyText(cell.table, cell.row);
  return schemaMismatch(`${cell.table.name}: column ${cell.column} ${what} (row ${key})`, { table: cell.table.name, column: cell.column, key });
}

function refuseUnknownColumns(table: TableDefinition, rows: readonly Row[]): void {
  const known = new Set(table.columns.map((column) => column.name));
  for (const row of rows) {
    for (const name in row) if (!known.has(name)) throw mismatch({ table, column: name, row }, 'is not a column of the table');
  }
}

function columnWriter(column: Column): Writer {
  const write = writers[column.type]();
  if (column.mode !== 'REPEATED') return write;
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = value.map((item: unknown) => write(item));
    return items.every((item) => item !== undefined) ? new DuckDBListValue(items) : undefined;
  };
}

/** Dates repeat within a batch, so each is read once. */
function dateWriter(): Writer {
  const known = new Map<string, DuckDBDateValue | undefined>();
  return (value) => {
    if (typeof value !== 'string') return undefined;
    if (!known.has(value)) known.set(value, dateValue(value));
    return known.get(value);
  };
}

/** `undefined` for a text that is not the ISO form of a day that exists. */
function dateValue(text: string): DuckDBDateValue | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return undefined;
  return new DuckDBDateValue(at / msPerDay);
}

/** Numbers that JSON cannot say are refused: JSON.stringify would make them null. */
function jsonText(value: unknown): string | undefined {
  const unsayable: number[] = [];
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) unsayable.push(part);
    return part;
  }) as string | undefined;
  return unsayable.length === 0 ? text : undefined;
}
