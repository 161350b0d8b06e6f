import type { ExpectedOutputRow, GameDate } from '@handoff/contracts';
import { neverAnswered, neverAsked } from './asks.ts';

/**
 * Where an expected output stands.
 *
 * | state | meaning |
 * |---|---|
 * | EXPECTED | it should come; nothing of it was seen |
 * | COMPLETE | its rows were seen |
 * | DEGRADED | its rows were seen, made from an incomplete set |
 * | EMPTY_OK | there is rightly nothing: no games, postponed, halted, or another source stood in |
 * | FAILED | it is past its due time and can still be made |
 * | MISSED | its moment has passed: it can no longer be made as it should have been |
 */
export const ledgerStates = ['EXPECTED', 'COMPLETE', 'DEGRADED', 'EMPTY_OK', 'FAILED', 'MISSED'] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** What is failed can still be mended, and is looked at first; an output is as good as its worst scope. */
const worstFirst: readonly LedgerState[] = ['FAILED', 'MISSED', 'EXPECTED', 'DEGRADED', 'COMPLETE', 'EMPTY_OK'];

/** The worst of the states of an output's scopes; undefined of none. */
export const worstStateOf = (states: readonly string[]): LedgerState | undefined => worstFirst.find((state) => states.includes(state));

/** EMPTY_OK by what was observed: it may still fill. By any other reason planning said that nothing is to come. */
export const observedReasons: ReadonlySet<string> = new Set(['primary-source-has-it', 'alternative-source-has-it', 'none-offered', 'nothing-to-make-it-from']);

/** FAILED because rows that were seen are not all there any more: `row_count` keeps how many they were. */
export const rowsLost = 'rows-lost';

/** FAILED because rows that were seen are gone, every one of them: `row_count` keeps how many they were. */
export const allRowsLost = 'all-rows-lost';

const unsettled: ReadonlySet<string> = new Set<LedgerState>(['EXPECTED', 'FAILED', 'DEGRADED']);

/** MISSED by what is known of who was asked: a row of the log, or of the output itself, may be late. */
const askReasons: ReadonlySet<string> = new Set([neverAsked, neverAnswered]);

/** True for what an observation may move: everything unsettled, of any date, and from game date `recent` on what was seen to be empty, or was not known to have been asked for. */
export const mayMove = ({ state, reason, game_date: date }: Pick<ExpectedOutputRow, 'state' | 'reason' | 'game_date'>, recent: GameDate): boolean =>
  unsettled.has(state) || (date >= recent && ((state === 'EMPTY_OK' && observedReasons.has(reason)) || (state === 'MISSED' && askReasons.has(reason))));
