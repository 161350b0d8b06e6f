import { days, hours, minutes, type DurationMs, type Phase } from '@handoff/contracts';
import type { FunctionName } from './functions.ts';
import { transitions } from './transitions.ts';

/** What a retried piece of work is: an item redoes its own kind. */
export type RetryKind = 'scrape' | 'raw' | 'analytics' | 'features' | 'predict' | 'grade' | 'publish' | 'hand-off';

/** The numbers by which failed work is tried again. */
export interface RetryPolicy {
  /** From the failure to the first try. */
  readonly firstDelayMs: DurationMs;
  /** The n-th failed try waits `backoffMs` times 2^n, with up to `jitterMax` of it on top. */
  readonly backoffMs: DurationMs;
  /** No wait is longer, but for what `jitterMax` adds. Absent: each is longer than the one before. */
  readonly backoffMaxMs?: DurationMs;
  readonly jitterMax: number;
  readonly attemptsMax: number;
}

/** Requirement F126: 15 min x 2^n, three tries. A fifth of jitter parts items that failed together, and keeps each wait longer than the one before. */
export const retryPolicy: RetryPolicy = { firstDelayMs: minutes(15), backoffMs: minutes(15), jitterMax: 0.2, attemptsMax: 3 };

/** A game that a source does not have yet is asked for again after 30 minutes (reference section 13.1). */
export const missingGameRetryPolicy: RetryPolicy = { ...retryPolicy, firstDelayMs: minutes(30) };

/** A try that has told nothing for this long has failed (reference section 13.1). */
export const retryLease: DurationMs = hours(2);

/** What was given up is looked at for this long: work that is done after all closes it. As long as an operator's week. */
export const givenUpWatch: DurationMs = days(7);

/**
 * What failed in passing and was given up is tried once more after each of these waits: whatever failed it may be over,
 * and nobody else would do it. Hourly at first, since an evening's work is worth something until tip-off, then over a
 * day, as a message that the platform failed (docs/adr/0059-older-rows-end-no-later-work.md).
 */
export const lateTryWaits: readonly DurationMs[] = [1, 1, 1, 1, 2, 6, 6, 6].map(hours);

/** Tries in one hour, over all work: as many as the earlier system took up, 50 in each quarter of an hour. */
export const retriesPerHourMax = 200;

export interface RetriedWork {
  readonly kind: RetryKind;
  /** The phase that the work belongs to. */
  readonly phase: Phase;
}

/** The work of each function that the retry queue takes over when its deliveries are used up. A function that is not here is itself part of the machinery: its messages go to the dead letters. */
export const retriedWork: Readonly<Partial<Record<FunctionName, RetriedWork>>> = {
  'phase1-scrape': { kind: 'scrape', phase: 'phase1' },
  'phase2-raw': { kind: 'raw', phase: 'phase2' },
  'phase3-analytics': { kind: 'analytics', phase: 'phase3' },
  'phase4-features': { kind: 'features', phase: 'phase4' },
  'phase5-predict-coordinator': { kind: 'predict', phase: 'phase5' },
  'phase5-predict-worker': { kind: 'predict', phase: 'phase5' },
  'phase6-grade': { kind: 'grade', phase: 'phase6-grade' },
  'phase6-publish': { kind: 'publish', phase: 'phase6-publish' },
  ...Object.fromEntries(transitions.map(({ app, to }) => [app, { kind: 'hand-off', phase: to } as const])),
};
