import type { DurationMs } from '@handoff/contracts';

/** The numbers of one kind of breaker. Where they come from: `breakerPolicies` of the catalogue. */
export interface BreakerPolicy {
  /** So many failures without a success in between open the breaker. */
  readonly failuresMax: number;
  /** A failure longer ago than this counts no more. */
  readonly failureWindow: DurationMs;
  /** How long an opened breaker refuses every call. */
  readonly openFor: DurationMs;
  /** How many calls are let through at once to find out whether the subject works again. */
  readonly trialsMax: number;
  /** How long such a call may take to report. Those that have not are given up, and as many again are let through. */
  readonly trialFor: DurationMs;
}

/** @throws RangeError for numbers that no breaker can work by: never opening, never trying again, or for no time. */
export function refuseBadPolicy(policy: BreakerPolicy): void {
  for (const [name, value] of Object.entries(policy)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} of a breaker is ${value}: it has to be a whole number above 0`);
  }
}
