import { BOOLEAN, BIGINT, DATE, DOUBLE, DuckDBVarCharType, LIST, TIMESTAMPTZ, VARCHAR, type DuckDBType } from '@duckdb/node-api';
import type { Column, ColumnType } from '@handoff/contracts';
import { quoteName } from './sql/render.ts';

interface EngineType {
  /** As it is written in DDL and as DuckDB reports it. */
  readonly name: string;
  /** As the appender takes it. JSON is text to it. */
  readonly appended: DuckDBType;
}

const engineTypes: Readonly<Record<ColumnType, EngineType>> = {
  STRING: { name: 'VARCHAR', appended: VARCHAR },
  INT64: { name: 'BIGINT', appended: BIGINT },
  FLOAT64: { name: 'DOUBLE', appended: DOUBLE },
  BOOL: { name: 'BOOLEAN', appended: BOOLEAN },
  DATE: { name: 'DATE', appended: DATE },
  TIMESTAMP: { name: 'TIMESTAMP WITH TIME ZONE', appended: TIMESTAMPTZ },
  JSON: { name: 'JSON', appended: DuckDBVarCharType.create('JSON') },
};

/** The DuckDB type of a column, as DDL writes it. */
export const engineTypeName = (column: Column): string => `${engineTypes[column.type].name}${column.mode === 'REPEATED' ? '[]' : ''}`;

/** The DuckDB type of a column, as a data chunk takes it. */
export function appendedType(column: Column): DuckDBType {
  const { appended } = engineTypes[column.type];
  return column.mode === 'REPEATED' ? LIST(appended) : appended;
}

/** A REPEATED column is never NULL: it is empty, as in BigQuery. */
export const isNullable = (column: Column): boolean => column.mode === 'NULLABLE';

/** `"name" TYPE NOT NULL, …` for CREATE TABLE. */
export const columnList = (columns: readonly Column[]): string =>
  columns.map((column) => `${quoteName(column.name)} ${engineTypeName(column)}${isNullable(column) ? '' : ' NOT NULL'}`).join(', ');
