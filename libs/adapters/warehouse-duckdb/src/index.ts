export { DuckDbWarehouse, openDuckDbWarehouse, type DuckDbWarehouseOptions } from './duckdb-warehouse.ts';
export { EmbeddedSql, type EmbeddedSqlOptions, type RowRange, type StatementAnswer, type StatementKind } from './embedded-sql.ts';
export type { GivenParameters, RowsParameter } from './statement-runner.ts';
export type { Buffered } from './streaming-buffer.ts';
