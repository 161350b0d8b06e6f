// The generators of the workspace: `npx nx g function|source|processor <name>`.
export { functionGenerator } from './function.mjs';
export { processorGenerator } from './processor.mjs';
export { sourceGenerator } from './source.mjs';
