import { outputNamed, withStandIns } from '@handoff/catalogue';
import { pairOf, partsOfPair, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { lackOfOffers, type Ask } from './asks.ts';
import { rootCause } from './causes.ts';
import { lostOf, type ToldRows } from './lost-rows.ts';
import { allRowsLost, observedReasons, rowsLost, type LedgerState } from './states.ts';

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
  /** What was told of outputs that hold fewer rows than were seen before. */
  readonly told?: readonly ToldRows[];
  /** Who was asked for the date's soft outputs that hold nothing; absent where that could not be read: they stay as they are. */
  readonly asks?: readonly Ask[] | undefined;
  readonly now: EpochMs;
}

/**
 * Moves states by what was observed. Rows decide, not flags: an output is COMPLETE when its rows are seen.
 * Past its due time it is FAILED while it can still be made, and MISSED once its game has tipped off, for
 * outputs that are only worth something before it. What a source need not have is then rightly empty where one was asked
 * and had answered, and MISSED where none did. What has lost rows that were seen is FAILED too, whenever that is
 * found, and stands in for nothing.
 */
export function observeOutputs(input: ObservationInput): readonly ExpectedOutputRow[] {
  const all = new Map(input.observations.map((observation) => [pairOf(observation.output, observation.scope), observation]));
  const { some: fewer, all: gone } = lostOf(input.rows, all, input.told ?? []);
  const whole = new Map([...all].filter(([pair]) => !fewer.has(pair)));
  // Where the primary source has the game, nothing depends on how much of it another one has.
  const lost = new Set(input.rows.filter((row) => !hasPrimary(row, whole)).map(({ output, scope }) => pairOf(output, scope)).filter((pair) => fewer.has(pair)));
  const seen = new Map([...all].filter(([pair]) => !lost.has(pair)));
  const observed = input.rows.map((row) => observe(row, { seen, lost, gone, tipOffs: input.tipOffs, now: input.now, asks: input.asks }));
  return observed.map((row) => withCause(row, observed));
}

/** Of what is not there the output with which it began; of the rest none. */
function withCause(row: ExpectedOutputRow, rows: readonly ExpectedOutputRow[]): ExpectedOutputRow {
  const cause = row.state === 'FAILED' || row.state === 'MISSED' ? rootCause(row, rows) : null;
  return row.cause === cause ? row : { ...row, cause };
}

interface Look extends Pick<ObservationInput, 'tipOffs' | 'now' | 'asks'> {
  /** By pair; what has lost rows is not among them. */
  readonly seen: ReadonlyMap<string, Observation>;
  readonly lost: ReadonlySet<string>;
  /** What has lost all of its rows. */
  readonly gone: ReadonlySet<string>;
}

function observe(row: ExpectedOutputRow, look: Look): ExpectedOutputRow {
  const { state, reason, rowCount } = judge(row, look);
  if (row.state === state && row.row_count === rowCount && row.reason === reason) return row;
  return { ...row, state, reason, row_count: rowCount, observed_at: look.now };
}

interface Judgement {
  readonly state: LedgerState;
  readonly reason: string;
  readonly rowCount: number;
}

function judge(row: ExpectedOutputRow, { seen, lost, gone, tipOffs, now, asks }: Look): Judgement {
  if (row.state === 'EMPTY_OK' && !observedReasons.has(row.reason)) return { state: 'EMPTY_OK', reason: row.reason, rowCount: 0 };
  const pair = pairOf(row.output, row.scope);
  const observation = seen.get(pair);
  if (observation !== undefined && observation.rowCount > 0) {
    return { state: observation.isDegraded ? 'DEGRADED' : 'COMPLETE', reason: observation.isDegraded ? 'made-from-an-incomplete-set' : 'rows-seen', rowCount: observation.rowCount };
  }
  // The number stays as it was: it says when all of them are there again. A part is filled from where it came, or made again.
  if (lost.has(pair)) return { state: 'FAILED', reason: rowsLost, rowCount: row.row_count };
  const elsewhere = sourceReason(row, seen);
  // Whenever it is found, and whether or not it can be made again: what was there is not said never to have been.
  if (elsewhere === undefined && gone.has(pair)) return { state: 'FAILED', reason: allRowsLost, rowCount: row.row_count };
  const reason = elsewhere ?? lackingReason(row, { seen, gone });
  if (reason !== undefined) return { state: 'EMPTY_OK', reason, rowCount: 0 };
  if (now < row.expected_by) return { state: 'EXPECTED', reason: row.reason, rowCount: 0 };
  const tipOff = row.scope === 'slate' ? Math.max(0, ...tipOffs.values()) : tipOffs.get(row.scope);
  const hasPassed = row.recovery_class === 'time-bound' && tipOff !== undefined && now >= tipOff;
  if (outputNamed(row.output)?.need === 'soft') return hasPassed ? judgeOffers(row, asks, tipOff) : { state: 'EXPECTED', reason: 'none-offered-yet', rowCount: 0 };
  return hasPassed ? { state: 'MISSED', reason: 'not-there-at-tip-off', rowCount: 0 } : { state: 'FAILED', reason: 'past-due', rowCount: 0 };
}

/** Of what a source need not have, once its moment has passed: while it is not known who was asked, it stays as it was said to be. */
function judgeOffers({ output, scope, state, reason }: ExpectedOutputRow, asks: readonly Ask[] | undefined, tipOff: number): Judgement {
  if (asks === undefined) return (state === 'EMPTY_OK' || state === 'MISSED') ? { state, reason, rowCount: 0 } : { state: 'EXPECTED', reason: 'none-offered-yet', rowCount: 0 };
  const lack = lackOfOffers({ output, scope }, asks, tipOff);
  return { state: lack === 'none-offered' ? 'EMPTY_OK' : 'MISSED', reason: lack, rowCount: 0 };
}

/** The source that has it where an output without rows is rightly so. */
function sourceReason(row: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>): string | undefined {
  if (hasPrimary(row, seen)) return 'primary-source-has-it';
  const names = withStandIns(outputNamed(row.output)?.alternativeOf ?? row.output);
  return names.some((name) => hasRowsOf(name, row, seen)) ? 'alternative-source-has-it' : undefined;
}

/** Why there was nothing to make an output from, where there never was. */
function lackingReason(row: ExpectedOutputRow, { seen, gone }: Pick<Look, 'seen' | 'gone'>): string | undefined {
  const without = outputNamed(row.output)?.emptyWithout;
  if (without === undefined || hasRowsOf(without, row, seen) || hasLost(without, row, gone)) return undefined;
  return hasRowsOf('nba_analytics.player_game_summary', row, seen) ? 'nothing-to-make-it-from' : undefined;
}

/** Whether an output has rows of the scope of a row, or any where that is the slate. */
const hasRowsOf = (name: string, { scope }: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>): boolean =>
  [...seen.values()].some((one) => one.output === name && one.rowCount > 0 && (scope === 'slate' || one.scope === scope));

/** Whether an output has lost all rows of the scope of a row, or of any where that is the slate. */
const hasLost = (name: string, { scope }: ExpectedOutputRow, gone: ReadonlySet<string>): boolean => [...gone].map(partsOfPair).some((pair) => pair.output === name && (scope === 'slate' || pair.scope === scope));

function hasPrimary(row: ExpectedOutputRow, seen: ReadonlyMap<string, Observation>): boolean {
  const primary = outputNamed(row.output)?.alternativeOf;
  return primary !== undefined && hasRowsOf(primary, row, seen);
}
