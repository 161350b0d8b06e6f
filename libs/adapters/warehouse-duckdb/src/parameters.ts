import { BIGINT, BOOLEAN, DATE, DOUBLE, DuckDBListValue, LIST, TIMESTAMPTZ, VARCHAR, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { Parameter, Parameters } from '@handoff/ports';
import { statementRefused } from '@handoff/portable-sql';
import { engineValue } from './write-rows.ts';

/** Values and types to bind, by parameter name. */
export interface BoundParameters {
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
}

const engineTypes: Readonly<Record<Parameter['type'], DuckDBType>> = {
  STRING: VARCHAR, DATE, INT64: BIGINT, FLOAT64: DOUBLE, TIMESTAMP: TIMESTAMPTZ, BOOL: BOOLEAN, 'ARRAY<STRING>': LIST(VARCHAR), 'ARRAY<DATE>': LIST(DATE),
};

/**
 * The parameters that a statement uses, ready to bind; those that it does not use are left out, as BigQuery does.
 *
 * @throws `warehouse-statement-refused` for one that is used and not given, or whose value is not of its type.
 */
export function bindParameters(used: ReadonlySet<string>, given: Parameters, doing: string): BoundParameters {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const name of used) {
    const parameter = given[name];
    if (parameter === undefined) throw statementRefused(`${doing}: query parameter '${name}' not found: pass it`, { parameter: name });
    const value = parameterValue(parameter);
    if (value === undefined) throw statementRefused(`${doing}: query parameter '${name}' is no ${parameter.type}`, { parameter: name });
    values[name] = value;
    types[name] = engineTypes[parameter.type];
  }
  return { values, types };
}

function parameterValue(parameter: Parameter): DuckDBValue | undefined {
  if (parameter.value === null) return null;
  if (parameter.type !== 'ARRAY<STRING>' && parameter.type !== 'ARRAY<DATE>') return engineValue(parameter.type, parameter.value);
  const type = parameter.type === 'ARRAY<STRING>' ? 'STRING' : 'DATE';
  const items = parameter.value.map((item) => engineValue(type, item));
  return items.every((item) => item !== undefined) ? new DuckDBListValue(items) : undefined;
}
