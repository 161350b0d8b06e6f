export { EmbeddedStateStore } from './embedded-state-store.ts';
export { openEmbeddedEnvironment, type Durability, type EmbeddedEnvironment } from './environment.ts';
export { EmbeddedTable, type TableKey, type TableOptions } from './embedded-table.ts';
