import { outputNamed, withStandIns } from '@handoff/catalogue';
import type { EpochMs, ExpectedOutputRow } from '@handoff/contracts';
import { rootCause } from './causes.ts';
import { observedReasons, type LedgerState } from './states.ts';

/** What the warehouse holds of one output and scope. */
export interface Observation {
  readonly output: string;
  readonly scope: string;
  readonly rowCount: number;
  readonly isDegraded: boolean;
}

export interface ObservationInput {
  /** The ledger's rows of one game date. */
  readonly rows: readonly ExpectedOutputRow[];
  readonly observations: readonly Observation[];
  /** Tip-off of each game that can still be predicted or could have been; by official id. */
  readonly tipOffs: ReadonlyMap<string, EpochMs>;
  readonly now: EpochMs;
}

/**
 * Moves states by what was observed. Rows decide, not flags: an output is COMPLETE when its rows are seen.
 * Past its due time it is FAILED while it can still be made, and MISSED once its game has tipped off, for
 * outputs that are only worth something before it.
 */
export function observeOutputs(input: ObservationInput): readonly ExpectedOutputRow[] {
  const seen = new Map(input.observations.map((observation) => [`${observation.output}|${observation.scope}`, observation]));
  const observed = input.rows.map((row) => observe(row, seen, input));
  return observed.map((row) => withCause(row, observed));
}

/** Of what is not there the output with which it began; of the rest none. */
function withCause(row: ExpectedOutputRow, rows: readonly ExpectedOutputRow[]): ExpectedOutputRow {
  const cause = row.state === 'FAILED' || row.state === 'MISSED' ? rootCause(row, rows) : null;
  return row.cause === cause ? row : { ...row, cause };
}

function observe(row: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>, { tipOffs, now }: ObservationInput): ExpectedOutputRow {
  const { state, reason, rowCount } = judge(row, seen, { tipOffs, now });
  if (row.state === state && row.row_count === rowCount && row.reason === reason) return row;
  return { ...row, state, reason, row_count: rowCount, observed_at: now };
}

interface Judgement {
  readonly state: LedgerState;
  readonly reason: string;
  readonly rowCount: number;
}

function judge(row: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>, { tipOffs, now }: Pick<ObservationInput, 'tipOffs' | 'now'>): Judgement {
  if (row.state === 'EMPTY_OK' && !observedReasons.has(row.reason)) return { state: 'EMPTY_OK', reason: row.reason, rowCount: 0 };
  const observation = seen.get(`${row.output}|${row.scope}`);
  if (observation !== undefined && observation.rowCount > 0) {
    return { state: observation.isDegraded ? 'DEGRADED' : 'COMPLETE', reason: observation.isDegraded ? 'made-from-an-incomplete-set' : 'rows-seen', rowCount: observation.rowCount };
  }
  const reason = emptyReason(row, seen);
  if (reason !== undefined) return { state: 'EMPTY_OK', reason, rowCount: 0 };
  if (now < row.expected_by) return { state: 'EXPECTED', reason: row.reason, rowCount: 0 };
  const tipOff = row.scope === 'slate' ? Math.max(0, ...tipOffs.values()) : tipOffs.get(row.scope);
  const hasPassed = row.recovery_class === 'time-bound' && tipOff !== undefined && now >= tipOff;
  if (outputNamed(row.output)?.need === 'soft') return hasPassed ? { state: 'EMPTY_OK', reason: 'none-offered', rowCount: 0 } : { state: 'EXPECTED', reason: 'none-offered-yet', rowCount: 0 };
  return hasPassed ? { state: 'MISSED', reason: 'not-there-at-tip-off', rowCount: 0 } : { state: 'FAILED', reason: 'past-due', rowCount: 0 };
}

/** Why an output without rows is rightly so: another source stood in, or there was nothing to make it from. */
function emptyReason(row: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>): string | undefined {
  const output = outputNamed(row.output);
  const isOfScope = ({ scope }: Observation): boolean => row.scope === 'slate' || scope === row.scope;
  const hasRows = (name: string): boolean => [...seen.values()].some((one) => one.output === name && one.rowCount > 0 && isOfScope(one));
  if (output?.alternativeOf !== undefined && hasRows(output.alternativeOf)) return 'primary-source-has-it';
  if (withStandIns(output?.alternativeOf ?? row.output).some(hasRows)) return 'alternative-source-has-it';
  if (output?.emptyWithout === undefined || hasRows(output.emptyWithout)) return undefined;
  return hasRows('nba_analytics.player_game_summary') ? 'nothing-to-make-it-from' : undefined;
}
