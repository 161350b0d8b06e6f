import type { z } from 'zod';
import type { Column, Row, TableDefinition } from './table.ts';
import { isoInstant, parseInstant, type EpochMs } from './time.ts';

/**
 * A row as a message: instants as ISO 8601 text in UTC, JSON as text. A BigQuery subscription writes messages of this
 * shape into the table as they are.
 */
export type WireRow = Readonly<Record<string, unknown>>;

type WiredTable = Pick<TableDefinition, 'columns' | 'row'>;

/** Columns that the row does not have are left out, as nulls. */
export const wireRowOf = ({ columns }: WiredTable, row: Row): WireRow =>
  Object.fromEntries(columns.filter(({ name }) => row[name] !== undefined).map((column) => [column.name, wireValue(column, row[column.name])]));

function wireValue({ type }: Column, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'TIMESTAMP') return isoInstant(value as EpochMs);
  return type === 'JSON' ? JSON.stringify(value) : value;
}

/** The row that a message of this shape becomes; undefined for what is not one of the table's. */
export function rowOfWire({ columns, row }: WiredTable, wire: WireRow): Row | undefined {
  const read = readColumns(columns, wire);
  const parsed = read === undefined ? undefined : strictly(row).safeParse(read);
  return parsed?.success === true ? parsed.data : undefined;
}

const strict = new WeakMap<WiredTable['row'], z.ZodType<Row>>();

/** The schema without room for other columns, made once: zod compiles each schema that it is given on its first use. */
function strictly(row: WiredTable['row']): z.ZodType<Row> {
  const known = strict.get(row) ?? row.strict();
  strict.set(row, known);
  return known;
}

function readColumns(columns: readonly Column[], wire: WireRow): WireRow | undefined {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  try {
    return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, readValue(types.get(name), value)]));
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readValue(type: Column['type'] | undefined, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'TIMESTAMP') return parseInstant(value);
  return type === 'JSON' ? JSON.parse(value) : value;
}
