import { before, minutes, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';

/** What a hand-off has been told: this output holds this many rows for this scope. */
export interface Flag {
  readonly output: string;
  readonly scope: string;
  readonly rowCount: number;
  readonly recordedAt: EpochMs;
}

/** A pair about which the hand-off and the warehouse disagree. */
export interface Disagreement {
  readonly finding: 'outcome-without-flag' | 'flag-without-outcome';
  readonly output: string;
  readonly scope: string;
}

export interface FlagComparison {
  /** The ledger's rows of one game date, as they were just observed. */
  readonly rows: readonly ExpectedOutputRow[];
  readonly flags: readonly Flag[];
  /** The outputs whose completions a hand-off waits for; the others have no flag. */
  readonly flagged: ReadonlySet<string>;
  readonly now: EpochMs;
}

/** Longer than five deliveries of a message take: until then the other side may still be on its way. */
const settling = minutes(30);

/**
 * Compares the flags with the outcomes of a date: a monitor that asked only one of them would have chased a flag for
 * a week while the data was fine, or trusted one while there was none (incidents 2, 6 and 7). Dates that were loaded
 * as history, planned after they were due, have no flags where history stops.
 */
export function compareFlags({ rows, flags, flagged, now }: FlagComparison): readonly Disagreement[] {
  const settledBefore = before(now, settling);
  return rows.flatMap(({ output, scope, state, row_count: rowCount, observed_at: observedAt, planned_at: plannedAt, expected_by: expectedBy }): Disagreement[] => {
    // A postponed game was told of before it was postponed; nothing is expected of it any more.
    if (!flagged.has(output) || plannedAt > expectedBy || state === 'EMPTY_OK') return [];
    const own = flags.filter((flag) => flag.output === output && flag.scope === scope);
    // A season's schedule has rows for every date; a date's hand-off is told of them on the day.
    const isDue = expectedBy <= settledBefore;
    if (rowCount > 0) return isDue && own.length === 0 && observedAt !== null && observedAt <= settledBefore ? [{ finding: 'outcome-without-flag', output, scope }] : [];
    const isTold = own.some((flag) => flag.rowCount > 0 && flag.recordedAt <= settledBefore);
    return isTold ? [{ finding: 'flag-without-outcome', output, scope }] : [];
  });
}
