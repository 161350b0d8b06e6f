import { after, before, type EpochMs } from '@handoff/contracts';
import type { BreakerPolicy } from './breaker-policy.ts';
import { closedAt, isClear, type BreakerState } from './breaker-state.ts';

/** Whether a call may be made. `until` is when to ask again. */
export type Admission =
  | { readonly verdict: 'admit'; readonly reason: 'closed' | 'trial' }
  | { readonly verdict: 'refuse'; readonly reason: 'open' | 'trials-taken'; readonly until: EpochMs };

export interface Admitted {
  readonly admission: Admission;
  /** The same object where nothing has to be kept. */
  readonly state: BreakerState;
}

/** Why a breaker is closed by something else than a successful trial. */
export type ResetReason = 'data-arrived' | 'manual';

/** Decides whether a call may be made now. A trial counts as taken with the state that is returned. */
export function admit(state: BreakerState, policy: BreakerPolicy, now: EpochMs): Admitted {
  const at = latest(state, now);
  switch (state.mode) {
    case 'closed':
      return { admission: { verdict: 'admit', reason: 'closed' }, state };
    case 'open':
      if (at < state.until) return { admission: { verdict: 'refuse', reason: 'open', until: state.until }, state };
      return trial(state, { at, trials: 1, roundEndsAt: after(at, policy.trialFor) });
    case 'half-open':
      if (at >= state.roundEndsAt) return trial(state, { at, trials: 1, roundEndsAt: after(at, policy.trialFor) });
      if (state.trials < policy.trialsMax) return trial(state, { at, trials: state.trials + 1, roundEndsAt: state.roundEndsAt });
      return { admission: { verdict: 'refuse', reason: 'trials-taken', until: state.roundEndsAt }, state };
  }
}

/** Counts a failure of a call that was let through. */
export function recordFailure(state: BreakerState, policy: BreakerPolicy, now: EpochMs): BreakerState {
  const at = latest(state, now);
  switch (state.mode) {
    case 'closed': {
      const failures = [...state.failures.filter((failedAt) => failedAt > before(at, policy.failureWindow)), at];
      if (failures.length < policy.failuresMax) return { mode: 'closed', changedAt: at, failures };
      return { mode: 'open', changedAt: at, openedAt: at, until: after(at, policy.openFor), failureCount: failures.length };
    }
    case 'open':
      return state;
    case 'half-open':
      return { mode: 'open', changedAt: at, openedAt: state.openedAt, until: after(at, policy.openFor), failureCount: state.failureCount + 1 };
  }
}

/** A call that was let through has succeeded: what counted against the subject is forgotten. */
export function recordSuccess(state: BreakerState, now: EpochMs): BreakerState {
  return state.mode === 'open' || isClear(state) ? state : closedAt(latest(state, now));
}

/** Closes the breaker for a reason from outside: the subject's data has arrived, or an operator says so. */
export const reset = (state: BreakerState, now: EpochMs): BreakerState => (isClear(state) ? state : closedAt(latest(state, now)));

/** True when more of a batch has failed than its path may bear: exactly the share does not open a breaker. */
export const isBatchBroken = ({ failed, total }: { readonly failed: number; readonly total: number }, shareMaxPct: number): boolean => failed * 100 > total * shareMaxPct;

const latest = ({ changedAt }: BreakerState, now: EpochMs): EpochMs => (now > changedAt ? now : changedAt);

interface Round {
  readonly at: EpochMs;
  readonly trials: number;
  readonly roundEndsAt: EpochMs;
}

const trial = ({ openedAt, failureCount }: Exclude<BreakerState, { readonly mode: 'closed' }>, { at, trials, roundEndsAt }: Round): Admitted => ({
  admission: { verdict: 'admit', reason: 'trial' },
  state: { mode: 'half-open', changedAt: at, openedAt, trials, roundEndsAt, failureCount },
});
