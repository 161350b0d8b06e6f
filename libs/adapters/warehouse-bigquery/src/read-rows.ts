import type { Row } from '@handoff/contracts';
import { statementRefused } from '@handoff/portable-sql';

/** A column of a result, as the REST interface describes it. */
export interface ResultField {
  readonly name?: string;
  readonly type?: string;
  readonly mode?: string;
}

/** A row of a result: fields and values by position, every scalar a text. */
export interface ResultRow {
  readonly f: readonly { readonly v: unknown }[];
}

type Reader = (value: unknown) => unknown;

/**
 * Rows with values as the port promises them.
 *
 * @throws `warehouse-statement-refused` for what a row cannot carry: a column without a name, a type outside
 *   the portable subset, INT64 beyond 2^53, a FLOAT64 that is no finite number.
 */
export function readRows(fields: readonly ResultField[], rows: readonly ResultRow[], doing: string): readonly Row[] {
  const columns = fields.map((field) => ({ name: columnName(field, doing), read: readerOf(field, `${doing}: column ${field.name ?? ''}`) }));
  return rows.map((row) => Object.fromEntries(columns.map(({ name, read }, index) => [name, read(row.f[index]?.v)])));
}

function columnName({ name = '' }: ResultField, doing: string): string {
  // What BigQuery calls an expression without a name.
  if (/^f\d+_$/.test(name)) throw statementRefused(`${doing}: the result column ${name} has no name: write AS name`, { column: name });
  return name;
}

function readerOf(field: ResultField, where: string): Reader {
  const scalar = scalarReader(field.type, where);
  if (field.mode === 'REPEATED') return (value) => (Array.isArray(value) ? value.map((item: { readonly v: unknown }) => scalar(item.v)) : []);
  return (value) => (value === null || value === undefined ? null : scalar(value));
}

/** By the names that results use, which are those of legacy SQL, and by those of GoogleSQL. */
function scalarReader(type: string | undefined, where: string): Reader {
  switch (type) {
    case 'STRING':
    case 'DATE':
      return (value) => value;
    case 'INTEGER':
    case 'INT64':
      return (value) => wholeNumber(String(value), where);
    case 'FLOAT':
    case 'FLOAT64':
      return (value) => finite(Number(value), where);
    case 'BOOLEAN':
    case 'BOOL':
      return (value) => String(value) === 'true';
    case 'TIMESTAMP':
      // Microseconds: the client asks for INT64 timestamps.
      return (value) => Math.trunc(Number(value) / 1_000);
    case 'JSON':
      return (value) => JSON.parse(String(value)) as unknown;
    default:
      throw statementRefused(`${where}: its type is none of the portable subset: CAST it`, { type: type ?? null });
  }
}

function wholeNumber(text: string, where: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw statementRefused(`${where}: ${text} does not fit a number exactly: CAST it to STRING`, {});
  return value;
}

function finite(value: number, where: string): number {
  if (!Number.isFinite(value)) throw statementRefused(`${where}: floating point overflow`, {});
  return value;
}
