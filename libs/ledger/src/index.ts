export { haltOf, type Halt } from './halts.ts';
export { planExpectations, type ExpectationInput } from './plan-expectations.ts';
export { observeOutputs, type Observation, type ObservationInput } from './observe-outputs.ts';
export { compareFlags, type Disagreement, type Flag, type FlagComparison } from './compare-flags.ts';
export { ledgerStates, mayMove, type LedgerState } from './states.ts';
