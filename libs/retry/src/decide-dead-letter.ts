import type { RetryPolicy } from '@handoff/catalogue';
import { milliseconds, type DurationMs } from '@handoff/contracts';
import { backoffOf } from './backoff.ts';

/** What is known of the work of a message that used up its deliveries. */
export interface DeadLetterEvidence {
  /** How its function remembers the work; null: it never began. */
  readonly claim: { readonly status: 'running' | 'released' | 'done' | 'rejected'; readonly outcome: string | null } | null;
  /** Tries that its function began since the work was last sent. */
  readonly tries: number;
  /** Deliveries that were used up since then; 0 where the bus did not tell. */
  readonly deliveries: number;
  /** How often the work was sent again by itself. */
  readonly redrives: number;
  /** True while the last of these is still to be sent. */
  readonly isToBeSent: boolean;
  /** For what had no fair try. */
  readonly policy: RetryPolicy;
  /** In [0, 1). */
  readonly random: number;
}

export type DeadLetterDecision =
  | { readonly verdict: 'settled'; readonly reason: string }
  /** A copy of a message that is to be sent again in any case. */
  | { readonly verdict: 'await' }
  | { readonly verdict: 'redrive'; readonly delayMs: DurationMs; readonly reason: string }
  | { readonly verdict: 'keep'; readonly reason: string };

/** What a host calls an attempt whose end could not be kept: nothing is known of the work. */
const unsettled = 'unsettled';

/**
 * Decides what becomes of a dead letter. One whose work is done, by another delivery, is settled. One that the platform
 * failed had no fair try and is sent again, a few times: its work never began, or had an end that could not be kept, or
 * began fewer times than it was delivered, as when the state store is lost in the middle of it. One that its function
 * failed at in every delivery is kept for people: it would fail again. A copy, as of a message that was published twice,
 * changes nothing of when the work is sent: each would move it further away.
 */
export function decideDeadLetter({ claim, tries, deliveries, redrives, isToBeSent, policy, random }: DeadLetterEvidence): DeadLetterDecision {
  if (claim?.status === 'done' || claim?.status === 'rejected') return { verdict: 'settled', reason: `its work is ${claim.status}` };
  if (isToBeSent) return { verdict: 'await' };
  const isFair = claim !== null && claim.outcome !== unsettled && tries >= deliveries;
  if (isFair) return { verdict: 'keep', reason: `its function failed at it: ${claim.outcome ?? claim.status}` };
  const reason = claim === null ? 'its work never began' : `its work began in ${tries} of ${deliveries} deliveries, and has no end that is known`;
  if (redrives >= policy.attemptsMax) return { verdict: 'keep', reason: `it was sent again ${redrives} times: ${reason}` };
  const delayMs = redrives === 0 ? policy.firstDelayMs : backoffOf(policy, redrives - 1, random);
  return { verdict: 'redrive', delayMs: milliseconds(delayMs), reason };
}
