import { DuckDBDataChunk, DuckDBDateValue, DuckDBListValue, DuckDBTimestampTZValue, type DuckDBAppender, type DuckDBValue } from '@duckdb/node-api';
import type { Column, ColumnType, Row, TableDefinition } from '@handoff/contracts';
import { encodeValue, isDay, jsonText, refuseUnknownColumns } from '@handoff/portable-sql';
import { appendedType } from './columns.ts';

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
      chunk.setColumnValues(index, part.map((row) => encodeValue(row, table, { column, encode: write })));
    }
    appender.appendDataChunk(chunk);
  }
}

/** The value of one parameter or element; `undefined` when it is not of the type. */
export const engineValue = (type: ColumnType, value: unknown): DuckDBValue | undefined => writers[type]()(value);

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

const dateValue = (text: string): DuckDBDateValue | undefined => (isDay(text) ? new DuckDBDateValue(Date.parse(text) / msPerDay) : undefined);
