import type { Column, Row, TableDefinition } from '@handoff/contracts';
import { encodeValue } from '@handoff/portable-sql';
import { lineEncoder, parameterEncoder, type ParameterValue } from './value-encoders.ts';

export interface ParameterType {
  readonly type: string;
  readonly arrayType?: ParameterType;
  readonly structTypes?: readonly { readonly name: string; readonly type: ParameterType }[];
}

/** A named query parameter, as the REST interface has it. */
export interface QueryParameter {
  readonly name: string;
  readonly parameterType: ParameterType;
  readonly parameterValue: ParameterValue;
}

/**
 * Rows as one parameter: an array of structs, to be read by UNNEST. Written here and not by the client, whose
 * version 9.3.0 takes a field called `type` for a type.
 *
 * @throws `warehouse-schema-mismatch` for a row that does not fit the table.
 */
export function rowParameter(name: string, table: TableDefinition, rows: readonly Row[]): QueryParameter {
  const encoders = table.columns.map((column) => ({ column, encode: parameterEncoder(column) }));
  const structOf = (row: Row): ParameterValue => ({
    structValues: Object.fromEntries(encoders.map((encoder) => [encoder.column.name, encodeValue(row, table, encoder) ?? { value: null }])),
  });
  return {
    name,
    parameterType: { type: 'ARRAY', arrayType: { type: 'STRUCT', structTypes: table.columns.map((column) => ({ name: column.name, type: columnType(column) })) } },
    parameterValue: { arrayValues: rows.map(structOf) },
  };
}

const columnType = ({ type, mode }: Column): ParameterType => (mode === 'REPEATED' ? { type: 'ARRAY', arrayType: { type } } : { type });

/**
 * Rows as the lines of a load job, one JSON object each.
 *
 * @throws `warehouse-schema-mismatch` for a row that does not fit the table.
 */
export function rowLines(table: TableDefinition, rows: readonly Row[]): string {
  const encoders = table.columns.map((column) => ({ column, encode: lineEncoder(column) }));
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(encoders.map((encoder) => [encoder.column.name, encodeValue(row, table, encoder)])))}\n`).join('');
}
