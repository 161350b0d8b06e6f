export { recordCompletions } from './record-completions.ts';
export { reconsiderGate } from './reconsider-gate.ts';
