import { isDay, statementRefused, type Piece } from '@handoff/portable-sql';
import type { Parameter, Parameters } from '@handoff/ports';
import { quoteText } from './sql/render.ts';

/**
 * The pieces of a statement with its parameters' values in their place, each as a constant of exactly its type.
 *
 * Every statement is prepared for one execution only, since a prepared one that is kept may answer wrongly. Planned
 * with its values it is planned once; with parameters DuckDB plans it for its types, and again for its values.
 *
 * @throws `warehouse-statement-refused` for a parameter that is used and not given, or whose value is not of its
 *   type. One that is given and not used is left out, as BigQuery does.
 */
export function withValues(pieces: readonly Piece[], given: Parameters, doing: string): readonly Piece[] {
  return pieces.map((piece) => (piece.kind === 'parameter' ? { kind: 'literal', text: literalOf(piece.text, given[piece.text], doing) } : piece));
}

function literalOf(name: string, parameter: Parameter | undefined, doing: string): string {
  if (parameter === undefined) throw statementRefused(`${doing}: query parameter '${name}' not found: pass it`, { parameter: name });
  if (parameter.value === null) return `CAST(NULL AS ${engineTypes[parameter.type]})`;
  const literal = literals[parameter.type](parameter.value);
  if (literal === undefined) throw statementRefused(`${doing}: query parameter '${name}' is no ${parameter.type}`, { parameter: name });
  return literal;
}

const engineTypes: Readonly<Record<Parameter['type'], string>> = {
  STRING: 'VARCHAR', DATE: 'DATE', INT64: 'BIGINT', FLOAT64: 'DOUBLE', TIMESTAMP: 'TIMESTAMPTZ', BOOL: 'BOOLEAN', 'ARRAY<STRING>': 'VARCHAR[]', 'ARRAY<DATE>': 'DATE[]',
};

/** Instants that both engines can write: the years 1 to 9999. */
const instants = { from: Date.parse('0001-01-01T00:00:00Z'), to: Date.parse('9999-12-31T23:59:59.999Z') };

/** Each gives `undefined` for a value that is not of its type. */
const literals: Readonly<Record<Parameter['type'], (value: unknown) => string | undefined>> = {
  // A bare text in quotes has no type yet in DuckDB, and takes that of what it is compared with.
  STRING: (value) => (typeof value === 'string' ? `CAST(${textLiteral(value)} AS VARCHAR)` : undefined),
  DATE: (value) => (isDay(value) ? `DATE '${String(value)}'` : undefined),
  INT64: (value) => (Number.isSafeInteger(value) ? `CAST(${String(value)} AS BIGINT)` : undefined),
  // The shortest text that is read back as the same number; a minus before zero is lost in String.
  FLOAT64: (value) => (typeof value === 'number' && Number.isFinite(value) ? `CAST('${Object.is(value, -0) ? '-0' : String(value)}' AS DOUBLE)` : undefined),
  TIMESTAMP: (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= instants.from && value <= instants.to ? `TIMESTAMPTZ '${new Date(value).toISOString()}'` : undefined,
  BOOL: (value) => (typeof value === 'boolean' ? String(value).toUpperCase() : undefined),
  'ARRAY<STRING>': (value) => listLiteral('VARCHAR', value, (item) => typeof item === 'string'),
  'ARRAY<DATE>': (value) => listLiteral('DATE', value, isDay),
};

/** DuckDB reads a statement up to its first NUL character. */
const textLiteral = (text: string): string => quoteText(text).replaceAll('\0', `' || chr(0) || '`);

/** A list as one JSON text: as constants of their own, five hundred items take five times as long to plan. */
const listLiteral = (type: string, value: unknown, fits: (item: unknown) => boolean): string | undefined =>
  Array.isArray(value) && value.every(fits) ? `from_json(${quoteText(JSON.stringify(value))}, '["${type}"]')` : undefined;
