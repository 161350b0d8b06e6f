export { haltOf, type Halt } from './halts.ts';
export { planExpectations, planHistory, type ExpectationInput } from './plan-expectations.ts';
export { observeOutputs, type Observation, type ObservationInput } from './observe-outputs.ts';
export { compareFlags, type Disagreement, type Flag, type FlagComparison } from './compare-flags.ts';
export { findGaps, gapKey, isOpen, settleGaps, type Gap, type GapAttempt } from './gaps.ts';
export { gapSeverity, planRepairs, type GapAction, type GapSeverity, type HealingFacts, type Repair } from './plan-repairs.ts';
export { outputsOfHistory, wasLivedThrough } from './lived-through.ts';
export { missingInputs, rootCause } from './causes.ts';
export { ledgerStates, mayMove, type LedgerState } from './states.ts';
