export { completionId, handoffId, releaseId, triggerId, triggerOf, type HandoffKey } from './identifiers.ts';
export { decideGate, reopened, type Consumed, type GateDecision, type GateGame, type GateInput, type PriorRelease, type RecordedCompletion, type Release } from './gate.ts';
export { phaseRunState, type PhaseRunState, type ReleaseFacts } from './phase-run-state.ts';
