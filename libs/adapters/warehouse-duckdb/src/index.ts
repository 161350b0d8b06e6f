export { DuckDbWarehouse, openDuckDbWarehouse, type DuckDbWarehouseOptions } from './duckdb-warehouse.ts';
export { checkStatement } from './sql/statement.ts';
export { streamingBufferSpan } from './streaming-buffer.ts';
