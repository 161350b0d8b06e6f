import { after, type EpochMs, type DurationMs, type GameDate, type Phase } from '@handoff/contracts';
import type { RetryKind, RetryPolicy } from '@handoff/catalogue';
import { backoffOf } from './backoff.ts';

/** Rows that a piece of work should leave behind. */
export interface AwaitedRows {
  readonly gameDate: GameDate;
  /** Tables of the catalogue; each has to have rows of the date. */
  readonly outputs: readonly string[];
  /** The games that each table has to have rows of; empty: any row of the date will do. */
  readonly games: readonly string[];
  /** How many rows there have to be of a pair, `output|scope`, that has lost some; no other table stands in for those. Of other pairs one will do. */
  readonly least?: Readonly<Record<string, number>>;
}

/** How the work is done again. */
export interface Redo {
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The key of the message that failed, which is sent again as it was; null where each try is a request of its own. */
  readonly messageKey: string | null;
}

/** The work as it is known when it fails. */
export interface FailedWork {
  /** Names the work: what fails twice under one key is one item. */
  readonly workKey: string;
  readonly kind: RetryKind;
  readonly phase: Phase;
  /** The function that does it, or the output that is missing. */
  readonly processorName: string;
  readonly gameDate: GameDate | null;
  readonly correlationId: string;
  /** Changes with what the work is made of: what has failed for good is taken up again then, and only then. */
  readonly inputHash: string;
  readonly redo: Redo;
  /** null where only the function itself can tell. */
  readonly awaits: AwaitedRows | null;
  /** True for a try to fill a gap: when it comes to nothing the gap goes on, and it is the gap that people are told of. */
  readonly isToldByGap?: true;
}

export interface Failure {
  /** permanent: trying again is no use. missing-game: nothing failed, a source has nothing yet. */
  readonly type: 'transient' | 'permanent' | 'missing-game';
  readonly code: string;
  readonly message: string;
}

/**
 * One piece of failed work.
 *
 * | status | meaning | leaves it |
 * |---|---|---|
 * | pending | waits for `dueAt` | the processor takes it up; or its work is done already |
 * | retrying | a try is under way, until `dueAt` at the latest | its work is done; the try fails, or tells nothing |
 * | succeeded | the work is done, and the rows are there that it should leave | the same work fails again later |
 * | failed_permanent | given up, and told | its input changes, people send it again, or, where it failed in passing, more tries for a day |
 *
 * The names are the owner's, whose queries ask for them.
 */
export interface RetryItem extends FailedWork {
  readonly status: 'pending' | 'retrying' | 'succeeded' | 'failed_permanent';
  /** Rises with every change. */
  readonly version: number;
  /** Tries that were begun. */
  readonly retryCount: number;
  readonly retriesMax: number;
  readonly policy: RetryPolicy;
  readonly failure: Failure;
  readonly firstFailureAt: EpochMs;
  readonly lastRetryAt: EpochMs | null;
  readonly dueAt: EpochMs | null;
  readonly resolution: string | null;
  /** Given up without a failure: nothing for people to do. */
  readonly isWithdrawn: boolean;
  readonly updatedAt: EpochMs;
}

/** When things happen, and how the dice fell: in [0, 1), spread over the jitter. */
export interface Moment {
  readonly now: EpochMs;
  readonly random: number;
}

/** True from the first try on that an item was given after it had been given up, and people had been told. */
export const isLate = ({ retriesMax, policy }: Pick<RetryItem, 'retriesMax' | 'policy'>): boolean => retriesMax > policy.attemptsMax;

export const isActive = ({ status }: Pick<RetryItem, 'status'>): boolean => status === 'pending' || status === 'retrying';

/**
 * What a failure makes of an item, known or not. Unchanged, the same object, where it is known already and waits, or
 * was given up and has the input that it had.
 */
export function noteFailure(known: RetryItem | undefined, { work, failure, policy }: { readonly work: FailedWork; readonly failure: Failure; readonly policy: RetryPolicy }, moment: Moment): RetryItem {
  if (known === undefined) return opened(work, { failure, policy, version: 1 }, moment);
  switch (known.status) {
    case 'retrying':
      return failTry(known, failure, moment);
    case 'pending':
      return failure.type === 'permanent' ? givenUp(known, failure, moment.now) : known;
    case 'failed_permanent':
      return known.inputHash === work.inputHash ? known : opened(work, { failure, policy, version: known.version + 1 }, moment);
    case 'succeeded':
      return opened(work, { failure, policy, version: known.version + 1 }, moment);
  }
}

function opened(work: FailedWork, { failure, policy, version }: { readonly failure: Failure; readonly policy: RetryPolicy; readonly version: number }, { now }: Moment): RetryItem {
  const item: RetryItem = {
    ...work, version, failure, policy, status: 'pending', retryCount: 0, retriesMax: policy.attemptsMax,
    firstFailureAt: now, lastRetryAt: null, dueAt: after(now, policy.firstDelayMs), resolution: null, isWithdrawn: false, updatedAt: now,
  };
  return failure.type === 'permanent' ? { ...item, status: 'failed_permanent', dueAt: null, resolution: failure.message } : item;
}

/** The end of a try that came to nothing: the item waits for the next, or is given up after the last. */
export function failTry(item: RetryItem, failure: Failure, { now, random }: Moment): RetryItem {
  if (failure.type === 'permanent' || item.retryCount >= item.retriesMax) return givenUp(item, failure, now);
  return { ...changed(item, now), status: 'pending', failure, dueAt: after(now, backoffOf(item.policy, item.retryCount, random)) };
}

/** The beginning of a try; of what was given up one more than it had. @throws RangeError for an item that is under way, done or withdrawn. */
export function beginTry(item: RetryItem, now: EpochMs, lease: DurationMs): RetryItem {
  const wasGivenUp = item.status === 'failed_permanent' && !item.isWithdrawn;
  if (item.status !== 'pending' && !wasGivenUp) throw new RangeError(`${item.workKey} is ${item.status}: only what waits or was given up is tried`);
  return { ...changed(item, now), status: 'retrying', retryCount: item.retryCount + 1, retriesMax: item.retriesMax + (wasGivenUp ? 1 : 0), lastRetryAt: now, dueAt: after(now, lease), resolution: null };
}

export const succeeded = (item: RetryItem, resolution: string, now: EpochMs): RetryItem => ({ ...changed(item, now), status: 'succeeded', dueAt: null, resolution });

/** An item that nobody is to try any more, by people's decision or since its rows cannot come: given up, without a failure. */
export const withdrawn = (item: RetryItem, reason: string, now: EpochMs): RetryItem => ({ ...changed(item, now), status: 'failed_permanent', dueAt: null, resolution: `withdrawn: ${reason}`, isWithdrawn: true });

/** What people decide: to have an item tried at once, with all its tries before it, whatever became of it. */
export const requeued = (item: RetryItem, now: EpochMs): RetryItem => ({ ...changed(item, now), status: 'pending', retryCount: 0, retriesMax: item.policy.attemptsMax, dueAt: now, resolution: null, isWithdrawn: false });

function givenUp(item: RetryItem, failure: Failure, now: EpochMs): RetryItem {
  const tries = `${item.retryCount} of ${item.retriesMax} tries`;
  return { ...changed(item, now), status: 'failed_permanent', failure, dueAt: null, resolution: `given up after ${tries}: ${failure.message}` };
}

const changed = (item: RetryItem, now: EpochMs): RetryItem => ({ ...item, version: item.version + 1, updatedAt: now });
