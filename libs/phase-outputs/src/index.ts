export { announcement, announceOutputs, recordsOf, rowsOf, type ExecutionFacts } from './announce-outputs.ts';
export { writeOutput, type OutputRows } from './write-output.ts';
export { loadStoredCompletions, planningHash, type StoredCompletions } from './stored-completions.ts';
export { notePulse, readPulse } from './write-pulse.ts';
