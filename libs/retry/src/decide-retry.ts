import { lateTryWaits } from '@handoff/catalogue';
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
 * Whether the work is done. What the function remembers is done when it says so, and left what it should: rows of the
 * date may be those of an earlier revision. What it does not remember, and the filling of a gap, is done when the rows are there.
 */
function isDone({ isToldByGap }: Pick<RetryItem, 'isToldByGap'>, { claim, hasRows }: Evidence): boolean {
  if (claim === null || isToldByGap === true) return hasRows ?? claim === 'done';
  return claim === 'done' && hasRows !== false;
}

/** When a message that failed in passing is tried after all: nobody else does its work. A source is asked again by requests of their own, and a gap has its own repairs. */
function lateTryAt({ kind, failure, redo, retriesMax, policy, isToldByGap, updatedAt }: RetryItem): EpochMs | undefined {
  const wait = lateTryWaits[retriesMax - policy.attemptsMax];
  return wait === undefined || kind === 'scrape' || failure.type !== 'transient' || redo.messageKey === null || isToldByGap === true ? undefined : after(updatedAt, wait);
}

/**
 * Decides what becomes of an item that was given up: it succeeds when its work is done after all, or is not needed any
 * more, and a message that failed in passing is tried again for a day. Rows and later answers close only what
 * failed in passing, for what was refused leaves a gap that another file of its date does not fill.
 */
export function decideGivenUp(item: RetryItem, seen: Evidence, now: EpochMs): Extract<RetryDecision, { readonly verdict: 'succeed' | 'try' | 'wait' }> {
  const isRefused = item.failure.type === 'permanent';
  if (seen.isSuperseded && !isRefused) return { verdict: 'succeed', resolution: 'it is not needed any more' };
  if (isRefused ? seen.claim === 'done' : isDone(item, seen)) return { verdict: 'succeed', resolution: 'its work was done after it was given up' };
  const dueAt = lateTryAt(item);
  return dueAt !== undefined && seen.impossible === null && seen.claim !== 'done' && now >= dueAt ? { verdict: 'try' } : { verdict: 'wait' };
}

function resolutionOf({ retryCount, retriesMax }: RetryItem, hasRows: boolean | null): string {
  if (hasRows === null) return 'the work is done';
  return retryCount === 0 ? 'the rows arrived before a try' : `the rows are there after ${retryCount} of ${retriesMax} tries`;
}

/** Work may end a moment before its rows are looked for: a try without rows is judged when it has had this long. */
const settlingTime = minutes(10);

/**
 * Decides what becomes of an active item. It succeeds when its work is done. A try that is over without rows has failed,
 * and so has one that says nothing until its lease ends.
 */
export function decideRetry(item: RetryItem, seen: Evidence, now: EpochMs): RetryDecision {
  const { claim, hasRows, impossible } = seen;
  if (isDone(item, seen)) return { verdict: 'succeed', resolution: resolutionOf(item, hasRows) };
  if (impossible !== null) return { verdict: 'withdraw', reason: impossible };
  if (item.status === 'pending') return item.dueAt !== null && item.dueAt <= now ? { verdict: 'try' } : { verdict: 'wait' };
  if (claim === 'rejected') return { verdict: 'fail', failure: { type: 'permanent', code: 'message-rejected', message: 'the function refused the work for good' } };
  if (claim === 'done' && item.lastRetryAt !== null && now >= after(item.lastRetryAt, settlingTime)) return { verdict: 'fail', failure: { ...item.failure, type: 'transient', message: 'the work is done, and the rows are not there' } };
  if (item.dueAt !== null && item.dueAt <= now) return { verdict: 'fail', failure: { ...item.failure, message: 'nothing was heard of the try before its lease ended' } };
  return { verdict: 'wait' };
}
