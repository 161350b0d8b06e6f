import { after, before, epochMs, hours, milliseconds, minutes, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { compareFlags, type Flag } from './compare-flags.ts';

const output = 'nba_raw.bdl_player_boxscores';
const scope = '0022500645';
const dueAt = epochMs(Date.UTC(2026, 0, 25, 11, 30));
const now = after(dueAt, hours(2));
const settled = before(now, minutes(30));
const justNow: EpochMs = after(settled, milliseconds(1));
const row = (over: Partial<ExpectedOutputRow>): ExpectedOutputRow => ({
  game_date: '2026-01-24', output, scope, phase: 'phase2', flow: 'postgame', recovery_class: 'convergent', state: 'COMPLETE', reason: 'rows-seen', cause: null,
  expected_by: dueAt, row_count: 21, planned_at: before(dueAt, hours(27)), observed_at: settled, ...over,
});
const flag = (over: Partial<Flag> = {}): Flag => ({ output, scope, rowCount: 21, recordedAt: settled, ...over });
const none = { row_count: 0, state: 'FAILED' } as const;

it.each<readonly [what: string, row: Partial<ExpectedOutputRow>, flags: readonly Flag[], finding: string | undefined]>([
  ['rows and a flag', {}, [flag()], undefined],
  ['rows and no flag', {}, [], 'outcome-without-flag'],
  ['rows seen just now and no flag yet', { observed_at: justNow }, [], undefined],
  ['rows, and a flag of another game', {}, [flag({ scope: '0022500646' })], 'outcome-without-flag'],
  ['rows, and a flag of another output', {}, [flag({ output: 'nba_raw.nbac_player_boxscores' })], 'outcome-without-flag'],
  ['rows that were loaded as history, planned after they were due', { planned_at: after(dueAt, hours(1)) }, [], undefined],
  ['rows that were there before anybody was to be told of them', { expected_by: justNow }, [], undefined],
  ['neither', none, [], undefined],
  ['a flag with rows, and none there', none, [flag()], 'flag-without-outcome'],
  ['a flag set just now, and no rows seen yet', none, [flag({ recordedAt: justNow })], undefined],
  ['a flag of a game that was postponed since', { ...none, state: 'EMPTY_OK' }, [flag()], undefined],
  ['a flag of no rows, and none there', none, [flag({ rowCount: 0 })], undefined],
])('%s', (_what, over, flags, finding) => {
  expect(compareFlags({ rows: [row(over)], flags, flagged: new Set([output]), now }).map((one) => one.finding)).toEqual(finding === undefined ? [] : [finding]);
});

it('an output that no hand-off waits for has no flag to miss', () => {
  expect(compareFlags({ rows: [row({})], flags: [], flagged: new Set(), now })).toEqual([]);
});
