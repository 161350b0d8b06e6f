import type { RetryPolicy } from '@handoff/catalogue';
import { milliseconds, type DurationMs } from '@handoff/contracts';
import { backoffOf } from './backoff.ts';

/** What is known of the work of a message that used up its deliveries. */
export interface DeadLetterEvidence {
  /** How its function remembers the work; null: it never began. */
  readonly claim: { readonly status: 'running' | 'released' | 'done' | 'rejected'; readonly outcome: string | null } | null;
  /** How often the work was sent again by itself. */
  readonly redrives: number;
  /** For what had no fair try. */
  readonly policy: RetryPolicy;
  /** In [0, 1). */
  readonly random: number;
}

export type DeadLetterDecision =
  | { readonly verdict: 'settled'; readonly reason: string }
  | { readonly verdict: 'redrive'; readonly delayMs: DurationMs; readonly reason: string }
  | { readonly verdict: 'keep'; readonly reason: string };

/** What a host calls an attempt whose end could not be kept: nothing is known of the work. */
const unsettled = 'unsettled';

/**
 * Decides what becomes of a dead letter. One whose work is done, by another delivery, is settled. One whose work never
 * began, or had an end that could not be kept, had no fair try, for the platform failed it: it is sent again, a few
 * times. One that its function failed at is kept for people: it would fail again.
 */
export function decideDeadLetter({ claim, redrives, policy, random }: DeadLetterEvidence): DeadLetterDecision {
  if (claim?.status === 'done' || claim?.status === 'rejected') return { verdict: 'settled', reason: `its work is ${claim.status}` };
  if (claim !== null && claim.outcome !== unsettled) return { verdict: 'keep', reason: `its function failed at it: ${claim.outcome ?? claim.status}` };
  if (redrives >= policy.attemptsMax) return { verdict: 'keep', reason: `it was sent again ${redrives} times, and its work never began` };
  const delayMs = redrives === 0 ? policy.firstDelayMs : backoffOf(policy, redrives - 1, random);
  return { verdict: 'redrive', delayMs: milliseconds(delayMs), reason: 'its work never began' };
}
