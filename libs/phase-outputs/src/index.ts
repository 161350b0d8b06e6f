export { announcement, announceOutputs, recordsOf, rowsOf, type ExecutionFacts } from './announce-outputs.ts';
export { writeOutput, type OutputRows } from './write-output.ts';
export { notePulse, readPulse } from './write-pulse.ts';
