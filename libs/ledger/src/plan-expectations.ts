import { isOutputAsked, outputs, type Output } from '@handoff/catalogue';
import type { EpochMs, ExpectedOutputRow, GameDate } from '@handoff/contracts';
import { dueTime, type SlateGame } from '@handoff/slate';
import type { Halt } from './halts.ts';
import { isOfHistory } from './lived-through.ts';
import { observedReasons } from './states.ts';

export interface ExpectationInput {
  readonly gameDate: GameDate;
  readonly slate: readonly SlateGame[];
  /** Why the date has no games, where it has none. */
  readonly halt: Halt | undefined;
  /** What the ledger says now, so that planning again keeps what was observed. */
  readonly known: readonly ExpectedOutputRow[];
  readonly now: EpochMs;
}

/**
 * What should exist for a date: a row per output and scope. A date without games, a postponed game and a
 * source that is not enabled are EMPTY_OK, with the reason: nothing waits for them and nothing alerts.
 * Planning again adds what is new, turns what was postponed meanwhile to EMPTY_OK, and keeps every state
 * that was observed.
 */
export function planExpectations(input: ExpectationInput): readonly ExpectedOutputRow[] {
  return outputs.flatMap((output) => scopesOf(output, input).map((scope) => plan(output, scope, input)));
}

/**
 * What should exist of a date that was loaded as history and not lived through: what the sources have of it and what is
 * derived where a history goes on, of the games that were played. Nothing was predicted of it, and nothing is missed.
 * What was expected of a game that was not played after all, or of a source that is off by now, is EMPTY_OK.
 */
export function planHistory(input: ExpectationInput): readonly ExpectedOutputRow[] {
  const isKnown = (output: Output, scope: string): boolean => input.known.some((row) => row.output === output.name && row.scope === scope);
  return outputs.filter(isOfHistory).flatMap((output) => scopesOf(output, input).filter(({ scope, emptyReason }) => emptyReason === undefined || isKnown(output, scope)).map((scope) => plan(output, scope, input)));
}

interface PlannedScope {
  readonly scope: string;
  /** Why nothing is expected of it; undefined where something is. */
  readonly emptyReason: string | undefined;
}

function scopesOf(output: Output, { slate, halt, gameDate }: ExpectationInput): readonly PlannedScope[] {
  const standing = slate.filter((game) => game.status !== 'postponed');
  const general = isOutputAsked(output, gameDate) ? undefined : 'source-not-enabled';
  if (standing.length === 0 && slate.length === 0) return [{ scope: 'slate', emptyReason: halt ?? 'no-games' }];
  if (output.scope === 'slate') return [{ scope: 'slate', emptyReason: standing.length === 0 ? 'all-postponed' : general }];
  return slate.map((game) => ({ scope: game.officialId, emptyReason: game.status === 'postponed' ? 'game-postponed' : general }));
}

function plan(output: Output, { scope, emptyReason }: PlannedScope, { gameDate, known, now }: ExpectationInput): ExpectedOutputRow {
  const before = known.find((row) => row.output === output.name && row.scope === scope && row.flow === output.flow);
  const row: ExpectedOutputRow = {
    game_date: gameDate,
    output: output.name,
    scope,
    phase: output.phase,
    flow: output.flow,
    recovery_class: output.recovery,
    state: 'EXPECTED',
    reason: output.need === 'soft' ? 'planned-soft' : 'planned',
    cause: null,
    expected_by: dueTime(gameDate, output.due),
    row_count: 0,
    planned_at: before?.planned_at ?? now,
    observed_at: null,
  };
  if (emptyReason !== undefined) return { ...row, state: 'EMPTY_OK', reason: emptyReason };
  // What was planned as EMPTY_OK for a reason that no longer holds is expected again.
  const isReplanned = before?.state === 'EMPTY_OK' && !observedReasons.has(before.reason);
  return before === undefined || isReplanned ? row : { ...row, state: before.state, reason: before.reason, row_count: before.row_count, cause: before.cause, observed_at: before.observed_at };
}
