import type { EpochMs } from '@handoff/contracts';

/**
 * What a breaker remembers of its subject.
 *
 * | mode | means | calls | becomes |
 * |---|---|---|---|
 * | closed | works, as far as is known; `failures` are the moments of those that count | all pass | open, with the failure that makes as many as the policy allows within its window |
 * | open | has failed too often | none passes until `until` | half-open, with the first call from `until` on |
 * | half-open | is tried: `trials` calls were let through in this round | as many as the policy says pass, the others are refused until `roundEndsAt` | closed, with the first success; open again, with the first failure; half-open with a new round, where all were let through and none has reported by `roundEndsAt` |
 *
 * From each, a reset leads to closed without failures. What a call reports that was let through before the breaker
 * opened changes nothing while it is open.
 *
 * Time only moves forward: `changedAt` is the latest time that the breaker was shown, and a caller whose clock is
 * behind it is taken to be at it.
 */
export type BreakerState = ClosedState | OpenState | HalfOpenState;

interface ClosedState {
  readonly mode: 'closed';
  readonly changedAt: EpochMs;
  /** Oldest first; fewer than the policy allows. */
  readonly failures: readonly EpochMs[];
}

interface OpenState {
  readonly mode: 'open';
  readonly changedAt: EpochMs;
  /** When it opened for the first time since it was closed. */
  readonly openedAt: EpochMs;
  readonly until: EpochMs;
  /** All since it was closed, failed trials included. */
  readonly failureCount: number;
}

interface HalfOpenState {
  readonly mode: 'half-open';
  readonly changedAt: EpochMs;
  readonly openedAt: EpochMs;
  readonly trials: number;
  readonly roundEndsAt: EpochMs;
  readonly failureCount: number;
}

/** Of a subject that nothing is known about. */
export const closedAt = (now: EpochMs): BreakerState => ({ mode: 'closed', changedAt: now, failures: [] });

/** True when there is nothing to remember: closed, and no failure counts. */
export const isClear = (state: BreakerState): boolean => state.mode === 'closed' && state.failures.length === 0;

/** Failures since the breaker was last clear. */
export const failureCountOf = (state: BreakerState): number => (state.mode === 'closed' ? state.failures.length : state.failureCount);
