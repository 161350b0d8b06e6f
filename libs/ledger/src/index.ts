export { haltOf, type Halt } from './halts.ts';
export { planExpectations, type ExpectationInput } from './plan-expectations.ts';
export { observedReasons, observeOutputs, type Observation, type ObservationInput } from './observe-outputs.ts';
export { ledgerStates, type LedgerState } from './states.ts';
