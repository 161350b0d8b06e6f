import { days, hours, minutes, type DurationMs } from '@handoff/contracts';

/** The numbers by which gaps are healed, and told of. */
export interface HealingPolicy {
  /** Repairs that one run begins; the rest waits for the next, half an hour later. */
  readonly actionsPerRunMax: number;
  /** How long rows have to appear after a repair was asked for: a quarter of an hour in the retry queue, the pipeline, and the ledger's half hour. */
  readonly attemptWaitMs: DurationMs;
  /** A round of repairs that changed nothing is followed by the next after `firstWaitMs`, each time twice as long, at most `waitMaxMs`. */
  readonly firstWaitMs: DurationMs;
  readonly waitMaxMs: DurationMs;
  /** A gap of this age is repaired once in `oldWaitMs` only. */
  readonly oldAfterMs: DurationMs;
  readonly oldWaitMs: DurationMs;
  /** A gap of this age is repaired once in `restWaitMs` only, and in the off season none that is old: what nobody has brought in so long people accept or look for. */
  readonly restsAfterMs: DurationMs;
  readonly restWaitMs: DurationMs;
  /** How long a gap has been open when people are told, and told louder. */
  readonly escalateAfterMs: { readonly warning: DurationMs; readonly error: DurationMs; readonly critical: DurationMs };
}

/**
 * 20 actions: the cap of the earlier system's backfill (reference section 13.4). A source that comes back after an
 * outage of a few hours is asked within as long again, and one that stays away costs two rounds a day.
 */
export const healingPolicy: HealingPolicy = {
  actionsPerRunMax: 20, attemptWaitMs: minutes(60), firstWaitMs: hours(1), waitMaxMs: hours(12), oldAfterMs: days(7), oldWaitMs: hours(24), restsAfterMs: days(14), restWaitMs: days(7),
  escalateAfterMs: { warning: hours(6), error: hours(24), critical: days(3) },
};
