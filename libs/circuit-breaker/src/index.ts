export { refuseBadPolicy, type BreakerPolicy } from './breaker-policy.ts';
export { closedAt, failureCountOf, isClear, type BreakerState } from './breaker-state.ts';
export { admit, isBatchBroken, recordFailure, recordSuccess, reset, type Admission, type Admitted, type ResetReason } from './transitions.ts';
