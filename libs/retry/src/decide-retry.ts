import { after, minutes, type EpochMs } from '@handoff/contracts';
import type { Failure, RetryItem } from './retry-item.ts';

/** What is seen of an item's work. */
export interface Evidence {
  /** How the function that does it remembers the work; null: not at all, or it is done by a request of its own. */
  readonly claim: 'running' | 'released' | 'done' | 'rejected' | null;
  /** Whether the rows that the item awaits are there; null: it awaits none. */
  readonly hasRows: boolean | null;
  /** Why the rows cannot come any more; null: they can. */
  readonly impossible: string | null;
  /** Of a request that was given up: whether a later one was answered, or others have brought what it was about. Of anything else false. */
  readonly isSuperseded: boolean;
}

export type RetryDecision =
  | { readonly verdict: 'succeed'; readonly resolution: string }
  | { readonly verdict: 'fail'; readonly failure: Failure }
  | { readonly verdict: 'withdraw'; readonly reason: string }
  | { readonly verdict: 'try' }
  | { readonly verdict: 'wait' };

/**
 * Decides what becomes of an item that was given up: it succeeds when its work is done after all, or is not needed any
 * more. Rows and later answers close only what failed in passing, for what was refused leaves a gap that another file of
 * its date does not fill.
 */
export function decideGivenUp({ failure }: Pick<RetryItem, 'failure'>, { claim, hasRows, isSuperseded }: Evidence): Extract<RetryDecision, { readonly verdict: 'succeed' | 'wait' }> {
  if (isSuperseded && failure.type !== 'permanent') return { verdict: 'succeed', resolution: 'it is not needed any more' };
  const isThere = failure.type === 'permanent' ? claim === 'done' : hasRows ?? claim === 'done';
  return isThere ? { verdict: 'succeed', resolution: 'its work was done after it was given up' } : { verdict: 'wait' };
}

/** Work may end a moment before its rows are looked for: a try without rows is judged when it has had this long. */
const settlingTime = minutes(10);

/**
 * Decides what becomes of an active item. It succeeds when the rows are there that it awaits, whoever brought them;
 * what awaits none, when the function has done the work. A try that is over without rows has failed, and so has one
 * that says nothing until its lease ends.
 */
export function decideRetry(item: RetryItem, { claim, hasRows, impossible }: Evidence, now: EpochMs): RetryDecision {
  if (hasRows === true) return { verdict: 'succeed', resolution: item.retryCount === 0 ? 'the rows arrived before a try' : `the rows are there after ${item.retryCount} of ${item.retriesMax} tries` };
  if (hasRows === null && claim === 'done') return { verdict: 'succeed', resolution: 'the work is done' };
  if (impossible !== null) return { verdict: 'withdraw', reason: impossible };
  if (item.status === 'pending') return item.dueAt !== null && item.dueAt <= now ? { verdict: 'try' } : { verdict: 'wait' };
  if (claim === 'rejected') return { verdict: 'fail', failure: { type: 'permanent', code: 'message-rejected', message: 'the function refused the work for good' } };
  if (claim === 'done' && item.lastRetryAt !== null && now >= after(item.lastRetryAt, settlingTime)) return { verdict: 'fail', failure: { ...item.failure, type: 'transient', message: 'the work is done, and the rows are not there' } };
  if (item.dueAt !== null && item.dueAt <= now) return { verdict: 'fail', failure: { ...item.failure, message: 'nothing was heard of the try before its lease ended' } };
  return { verdict: 'wait' };
}
