import type { Column, ColumnType, Row } from '@handoff/contracts';
import { invalid, notHere } from './rest-failure.ts';

/** A column as the REST interface describes it. */
export interface RestField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
}

/** Results and tables are described in the names of legacy SQL. */
const legacyNames: Readonly<Record<ColumnType, string>> = {
  STRING: 'STRING', INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN', DATE: 'DATE', TIMESTAMP: 'TIMESTAMP', JSON: 'JSON',
};

const columnTypes: ReadonlyMap<string, ColumnType> = new Map([
  ...Object.entries(legacyNames).map(([type, name]) => [name, type as ColumnType] as const),
  ['INT64', 'INT64'], ['FLOAT64', 'FLOAT64'], ['BOOL', 'BOOL'],
]);

/** @throws a GoogleFailure for a type outside the portable subset. */
export function columnTypeOf(name: string): ColumnType {
  const type = columnTypes.get(name.toUpperCase());
  if (type === undefined) throw notHere(`columns of type ${name}`);
  return type;
}

export const restField = ({ name, type, mode }: Column): RestField => ({ name, type: legacyNames[type], mode });

/** @throws a GoogleFailure for a type or mode outside the portable subset. */
export function columnOf({ name, type, mode = 'NULLABLE' }: RestField): Column {
  if (mode !== 'NULLABLE' && mode !== 'REQUIRED' && mode !== 'REPEATED') throw invalid(`Field ${name} has an unknown mode ${mode}`);
  return { name, type: columnTypeOf(type), mode };
}

/** How an instant is written in a result. */
export type TimestampFormat = 'micros' | 'seconds';

/** Rows as the REST interface writes them: fields by position, every scalar a text. */
export function restRows(columns: readonly Column[], rows: readonly Row[], format: TimestampFormat): readonly unknown[] {
  return rows.map((row) => ({ f: columns.map((column) => ({ v: restValue(column, row[column.name], format) })) }));
}

function restValue({ type, mode }: Column, value: unknown, format: TimestampFormat): unknown {
  if (mode === 'REPEATED') return (Array.isArray(value) ? value : []).map((item: unknown) => ({ v: scalarText(type, item, format) }));
  return value === null || value === undefined ? null : scalarText(type, value, format);
}

function scalarText(type: ColumnType, value: unknown, format: TimestampFormat): string {
  if (type === 'JSON') return JSON.stringify(value);
  if (type !== 'TIMESTAMP') return String(value);
  const ms = Number(value);
  return format === 'micros' ? String(BigInt(ms) * 1_000n) : String(ms / 1_000);
}

/**
 * A scalar from a parameter, a line of a load job or a streamed row, as the engine takes it. One that does not
 * fit comes back as it is, for the engine to refuse by table, column and row.
 */
export function readScalar(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'INT64':
    case 'FLOAT64':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'BOOL':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'TIMESTAMP':
      // A number is seconds, as BigQuery reads it.
      if (typeof value === 'number') return Math.round(value * 1_000);
      return typeof value === 'string' ? readInstant(value) : value;
    case 'STRING':
    case 'DATE':
    case 'JSON':
      return value;
  }
}

function readInstant(text: string): unknown {
  const zoned = /(Z|[+-]\d{2}(:?\d{2})?|UTC)$/.test(text) ? text.replace(/ ?UTC$/, 'Z').replace(/([+-]\d{2})$/, '$1:00') : `${text}Z`;
  const at = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(at) ? text : at;
}

/** A JSON object of a load job or a streamed row as a row of the table. Names that the table does not have stay, to be refused. */
export function readObject(columns: readonly Column[], json: Readonly<Record<string, unknown>>, jsonAs: 'value' | 'text'): Row {
  const read: Record<string, unknown> = { ...json };
  for (const { name, type, mode } of columns) {
    const value = json[name];
    if (mode === 'REPEATED') read[name] = Array.isArray(value) ? value.map((item: unknown) => readScalar(type, item)) : (value ?? []);
    else if (value !== undefined) read[name] = type === 'JSON' && jsonAs === 'text' && typeof value === 'string' ? (JSON.parse(value) as unknown) : readScalar(type, value);
  }
  return read;
}
