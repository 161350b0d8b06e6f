export { backoffOf } from './backoff.ts';
export { decideGivenUp, decideRetry, type Evidence, type RetryDecision } from './decide-retry.ts';
export {
  beginTry, failTry, isActive, isLate, noteFailure, requeued, succeeded, withdrawn,
  type AwaitedRows, type FailedWork, type Failure, type Moment, type Redo, type RetryItem,
} from './retry-item.ts';
export { decideDeadLetter, type DeadLetterDecision, type DeadLetterEvidence } from './decide-dead-letter.ts';
