export { EmbeddedStateStore } from './embedded-state-store.ts';
export { openEmbeddedEnvironment, type Durability, type EmbeddedEnvironment } from './environment.ts';
