import type { Column, Row, TableDefinition } from '@handoff/contracts';
import { onePerTarget, schemaMismatch, statementRefused } from './refusals.ts';

/** A column of a table, and how a value of it is written for an engine: `undefined` for one that is not of its type. */
export interface ColumnEncoder<Value> {
  readonly column: Column;
  readonly encode: (value: unknown) => Value | undefined;
}

/**
 * One value of a row as an engine takes it; `null` where the column allows it.
 *
 * @throws `warehouse-schema-mismatch` for one that is missing and required, or not of the column's type,
 *   naming table, column and row key.
 */
export function encodeValue<Value>(row: Row, table: TableDefinition, { column, encode }: ColumnEncoder<Value>): Value | null {
  const value = row[column.name];
  if (value === undefined || value === null) {
    if (column.mode === 'NULLABLE') return null;
    throw mismatch({ table, column: column.name, row }, value === undefined ? 'is missing and required' : 'is null and required');
  }
  const written = encode(value);
  if (written !== undefined) return written;
  throw mismatch({ table, column: column.name, row }, `is no ${column.mode === 'REPEATED' ? 'array of ' : ''}${column.type}: ${JSON.stringify(value)}`);
}

/** @throws `warehouse-schema-mismatch` for the first row with a column that the table does not have. */
export function refuseUnknownColumns(table: TableDefinition, rows: readonly Row[]): void {
  const known = new Set(table.columns.map((column) => column.name));
  for (const row of rows) {
    for (const name in row) if (!known.has(name)) throw mismatch({ table, column: name, row }, 'is not a column of the table');
  }
}

/**
 * Refuses two source rows for one target, as BigQuery's MERGE does.
 *
 * @throws `warehouse-statement-refused` with the first key that occurs twice.
 */
export function refuseDuplicateKeys(table: TableDefinition, rows: readonly Row[]): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = JSON.stringify(table.key.map((column) => row[column]));
    if (seen.has(key)) throw statementRefused(`merge ${table.name}: ${onePerTarget}: twice ${keyText(table, row)}`, { table: table.name, key });
    seen.add(key);
  }
}

/** Days that were found to exist: the rows of a batch have few. */
const knownDays = new Set<unknown>();
const knownDaysMax = 1_000;

/** True for the ISO form of a day that exists. */
export function isDay(value: unknown): boolean {
  if (knownDays.has(value)) return true;
  const is = isNewDay(value);
  if (is && knownDays.size < knownDaysMax) knownDays.add(value);
  return is;
}

function isNewDay(value: unknown): boolean {
  const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value;
}

/** A JSON value as text, `undefined` for one that holds numbers that JSON cannot say: JSON.stringify would make them null. */
export function jsonText(value: unknown): string | undefined {
  const unsayable: number[] = [];
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) unsayable.push(part);
    return part;
  }) as string | undefined;
  return unsayable.length === 0 ? text : undefined;
}

interface Cell {
  readonly table: TableDefinition;
  readonly column: string;
  readonly row: Row;
}

/** `column=value` of the natural key, as errors and facts name a row. */
const keyText = (table: TableDefinition, row: Row): string => table.key.map((column) => `${column}=${String(row[column])}`).join(', ');

function mismatch({ table, column, row }: Cell, what: string): Error {
  const key = keyText(table, row);
  return schemaMismatch(`${table.name}: column ${column} ${what} (row ${key})`, { table: table.name, column, key });
}
