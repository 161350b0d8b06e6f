import { outputNamed, outputs } from '@handoff/catalogue';
import { after, before, epochMs, hours, milliseconds, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ask } from './asks.ts';
import type { ToldRows } from './lost-rows.ts';
import { observeOutputs, type Observation } from './observe-outputs.ts';
import { ledgerStates } from './states.ts';

const game = '0022500645';
const dueAt = epochMs(Date.UTC(2026, 0, 24, 14));
const tipAt = epochMs(Date.UTC(2026, 0, 25));

function row(output: string, over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow {
  const { phase, flow, recovery, scope } = outputNamed(output)!;
  return {
    game_date: '2026-01-24', output, scope: scope === 'slate' ? 'slate' : game, phase, flow, recovery_class: recovery, state: 'EXPECTED', reason: 'planned', cause: null, expected_by: dueAt,
    row_count: 0, planned_at: before(dueAt, hours(6)), observed_at: null, ...over,
  };
}
const sees = (output: string, rowCount = 12, isDegraded = false): Observation => ({ output, scope: outputNamed(output)!.scope === 'slate' ? 'slate' : game, rowCount, isDegraded });
const observe = (one: ExpectedOutputRow, observations: readonly Observation[], now: EpochMs, asks: readonly Ask[] = []): ExpectedOutputRow =>
  observeOutputs({ rows: [one], observations, asks, tipOffs: new Map([[game, tipAt], ['0022500650', after(tipAt, hours(3))]]), now })[0]!;

const justBefore = (at: EpochMs): EpochMs => before(at, milliseconds(1));
const [schedule, context, box, alternative, odds, injuries, graded, tonight] = [
  'nba_raw.nbac_schedule', 'nba_analytics.upcoming_team_game_context', 'nba_raw.bdl_player_boxscores', 'nba_raw.nbac_player_boxscores', 'nba_raw.odds_api_player_points_props',
  'nba_raw.bdl_injuries', 'nba_predictions.prediction_accuracy', 'exports/tonight',
] as const;

describe('without rows', () => {
  it.each<readonly [when: string, output: string, now: EpochMs, state: string, reason: string]>([
    ['before it is due', context, justBefore(dueAt), 'EXPECTED', 'planned'],
    ['when due, while it can still be made', context, dueAt, 'FAILED', 'past-due'],
    ['until its game tips off', context, justBefore(tipAt), 'FAILED', 'past-due'],
    ['when its game tips off', context, tipAt, 'MISSED', 'not-there-at-tip-off'],
    ['after tip-off, when it can be made at any time', schedule, after(tipAt, hours(24)), 'FAILED', 'past-due'],
    ['soft, when due', odds, dueAt, 'EXPECTED', 'none-offered-yet'],
    ['soft, when its game tips off', odds, tipAt, 'MISSED', 'never-asked'],
    ['of the slate, after the first tip-off', tonight, after(tipAt, hours(1)), 'FAILED', 'past-due'],
    ['of the slate, at the last tip-off', tonight, after(tipAt, hours(3)), 'MISSED', 'not-there-at-tip-off'],
    ['of the slate and soft, at the last tip-off', injuries, after(tipAt, hours(3)), 'MISSED', 'never-asked'],
  ])('%s: %s', (...[, output, now, state, reason]) => {
    expect(observe(row(output), [], now)).toMatchObject({ state, reason, row_count: 0 });
  });

  it('an alternative is rightly empty where the primary source has it, and past due where neither has', () => {
    expect(observe(row(alternative), [sees(box)], after(dueAt, hours(1)))).toMatchObject({ state: 'EMPTY_OK', reason: 'primary-source-has-it' });
    expect(observe(row(alternative), [], after(dueAt, hours(1)))).toMatchObject({ state: 'FAILED' });
  });

  it('whatever stands in for an output, all of them are rightly empty where one has it', () => {
    const third = 'nba_raw.espn_boxscores';
    for (const name of [box, alternative]) expect(observe(row(name), [sees(third)], after(dueAt, hours(1)))).toMatchObject({ state: 'EMPTY_OK', reason: 'alternative-source-has-it' });
  });

  it('grading is rightly empty once the game is over and nothing was predicted, not before', () => {
    const late = after(dueAt, hours(1));
    expect(observe(row(graded), [sees('nba_analytics.player_game_summary')], late)).toMatchObject({ state: 'EMPTY_OK', reason: 'nothing-to-make-it-from' });
    expect(observe(row(graded), [], late)).toMatchObject({ state: 'FAILED' });
    expect(observe(row(graded), [sees('nba_analytics.player_game_summary'), sees('nba_predictions.player_prop_predictions')], late)).toMatchObject({ state: 'FAILED' });
  });
});

describe('soft and without rows at tip-off', () => {
  const ask = (over: Partial<Ask> = {}): Ask => ({ output: odds, askedAt: dueAt, answeredAt: dueAt, ...over });
  const told = (asks: readonly Ask[], { output = odds, over = {}, now = tipAt }: { readonly output?: string; readonly over?: Partial<ExpectedOutputRow>; readonly now?: EpochMs } = {}) => {
    const { state, reason, row_count: count, cause } = observe(row(output, over), [], now, asks);
    return [state, reason, count, cause];
  };
  const [noneOffered, asked, answered] = [['EMPTY_OK', 'none-offered', 0, null], ['MISSED', 'never-asked', 0, odds], ['MISSED', 'never-answered', 0, odds]];

  it.each<readonly [string, readonly Ask[], typeof noneOffered]>([
    ['rightly empty where one good answer had nothing', [ask()], noneOffered],
    ['rightly empty where one of several answers was good', [ask({ answeredAt: null }), ask(), ask({ answeredAt: null })], noneOffered],
    ['rightly empty where its own game was asked for', [ask({ games: [game] })], noneOffered],
    ['missed where nobody was asked', [], asked],
    ['missed where another output was asked for', [ask({ output: injuries })], asked],
    ['missed where another game was asked for', [ask({ games: ['0022500650'] })], asked],
    ['missed where nobody was asked before tip-off', [ask({ askedAt: tipAt, answeredAt: tipAt })], asked],
    ['missed where no answer was good', [ask({ answeredAt: null }), ask({ answeredAt: null })], answered],
    ['missed where the good answer came at tip-off', [ask({ answeredAt: tipAt })], answered],
    ['rightly empty where it came just before', [ask({ answeredAt: justBefore(tipAt) })], noneOffered],
  ])('it is %s', (_, asks, expected) => {
    expect(told(asks)).toEqual(expected);
  });

  it('it can still be offered until then, whoever was asked', () => {
    expect(told([], { now: justBefore(tipAt) })).toEqual(['EXPECTED', 'none-offered-yet', 0, null]);
  });

  it('of a slate the last tip-off counts', () => {
    const late = after(tipAt, hours(3));
    expect(told([ask({ output: injuries, askedAt: tipAt, answeredAt: justBefore(late) })], { output: injuries, now: late })).toEqual(noneOffered);
  });

  it('it stays as it was said to be while nobody knows who was asked, and is still to come where nothing was said', () => {
    const unknown = (over: Partial<ExpectedOutputRow>) => observeOutputs({ rows: [row(odds, over)], observations: [], tipOffs: new Map([[game, tipAt]]), now: after(tipAt, hours(1)) }).map(({ state, reason }) => [state, reason]);
    expect(unknown({ state: 'EMPTY_OK', reason: 'none-offered' })).toEqual([['EMPTY_OK', 'none-offered']]);
    expect(unknown({ state: 'MISSED', reason: 'never-asked' })).toEqual([['MISSED', 'never-asked']]);
    expect(unknown({})).toEqual([['EXPECTED', 'none-offered-yet']]);
  });

  it('it is moved by an answer or by rows that are heard of later', () => {
    const missed = { state: 'MISSED', reason: 'never-asked', cause: odds } as const;
    expect(told([ask()], { over: missed })).toEqual(noneOffered);
    expect(observe(row(odds, missed), [sees(odds)], tipAt)).toMatchObject({ state: 'COMPLETE', cause: null });
  });
});

describe('of a whole slate', () => {
  const daily = 'nba_predictions.system_daily_performance';

  it('is rightly empty where none of its games was predicted, and past due where one was', () => {
    const late = after(dueAt, hours(1));
    expect(observe(row(daily), [sees('nba_analytics.player_game_summary')], late)).toMatchObject({ state: 'EMPTY_OK', reason: 'nothing-to-make-it-from' });
    expect(observe(row(daily), [sees('nba_analytics.player_game_summary'), sees('nba_predictions.player_prop_predictions')], late)).toMatchObject({ state: 'FAILED' });
  });
});

describe('with rows', () => {
  it.each(['EXPECTED', 'FAILED', 'MISSED', 'DEGRADED'])('what was %s is COMPLETE, with their number', (state) => {
    expect(observe(row(context, { state }), [sees(context)], after(tipAt, hours(9)))).toMatchObject({ state: 'COMPLETE', reason: 'rows-seen', row_count: 12, observed_at: after(tipAt, hours(9)) });
  });

  it('made from an incomplete set it is DEGRADED', () => {
    expect(observe(row(context), [sees(context, 12, true)], dueAt)).toMatchObject({ state: 'DEGRADED', reason: 'made-from-an-incomplete-set' });
  });

  it('counted as none it is as if nothing had been seen', () => {
    expect(observe(row(context), [sees(context, 0)], dueAt)).toMatchObject({ state: 'FAILED', row_count: 0 });
  });

  it('of another scope it changes nothing', () => {
    expect(observe(row(context), [{ ...sees(context), scope: '0022500650' }], dueAt)).toMatchObject({ state: 'FAILED' });
  });

  it.each(['primary-source-has-it', 'none-offered', 'nothing-to-make-it-from'])('what was observed to be empty (%s) fills', (reason) => {
    expect(observe(row(alternative, { state: 'EMPTY_OK', reason }), [sees(alternative)], dueAt)).toMatchObject({ state: 'COMPLETE' });
  });

  it.each(['game-postponed', 'no-games', 'off-season', 'source-not-enabled'])('what was planned to be empty (%s) stays so', (reason) => {
    expect(observe(row(schedule, { state: 'EMPTY_OK', reason }), [sees(schedule)], after(tipAt, hours(9)))).toMatchObject({ state: 'EMPTY_OK', reason, row_count: 0 });
  });
});

describe('with fewer rows than were seen', () => {
  const seenAt = after(dueAt, hours(1));
  const later = after(dueAt, hours(40));
  const there = (output: string, over: Partial<ExpectedOutputRow> = {}) => row(output, { state: 'COMPLETE', reason: 'rows-seen', row_count: 22, observed_at: seenAt, ...over });
  const told = (rowCount: number, recordedAt: EpochMs, sourceVersionAt = recordedAt): ToldRows => ({ output: box, scope: game, rowCount, recordedAt, sourceVersionAt });
  const look = (rows: readonly ExpectedOutputRow[], observations: readonly Observation[], all: readonly ToldRows[] = []) =>
    observeOutputs({ rows, observations, told: all, tipOffs: new Map([[game, tipAt]]), now: later }).map(({ state, reason, row_count: count }) => [state, reason, count]);

  it('a result has lost some of them, and remembers how many there were', () => {
    expect(look([there(box)], [sees(box, 14)])).toEqual([['FAILED', 'rows-lost', 22]]);
    expect(look([there(box, { state: 'DEGRADED' })], [sees(box, 14, true)])).toEqual([['FAILED', 'rows-lost', 22]]);
  });

  it.each([[14, 'FAILED'], [21, 'FAILED'], [22, 'COMPLETE'], [23, 'COMPLETE']])('and once some are lost %i are not enough until all are there: %s', (count, state) => {
    expect(look([there(box, { state: 'FAILED', reason: 'rows-lost' })], [sees(box, count)])[0]?.[0]).toBe(state);
  });

  it.each(outputs.filter(({ alternativeOf }) => alternativeOf === undefined).map(({ name }) => name))('none at all is a loss of %s, days after tip-off too, and not the end of it', (output) => {
    const scope = outputNamed(output)!.scope === 'slate' ? 'slate' : game;
    for (const state of ['COMPLETE', 'DEGRADED']) expect(look([there(output, { scope, state })], [])).toEqual([['FAILED', 'all-rows-lost', 22]]);
    expect(look([there(output, { scope, state: 'FAILED', reason: 'all-rows-lost' })], [])).toEqual([['FAILED', 'all-rows-lost', 22]]);
    expect(look([there(output, { scope, state: 'FAILED', reason: 'all-rows-lost' })], [sees(output, 22)])).toEqual([['COMPLETE', 'rows-seen', 22]]);
  });

  it('once all are lost a part of a result is not enough, and of what changes by itself it is', () => {
    const gone = { state: 'FAILED', reason: 'all-rows-lost' } as const;
    expect(look([there(box, gone)], [sees(box, 14)])).toEqual([['FAILED', 'rows-lost', 22]]);
    expect(look([there(context, gone)], [sees(context, 14)])).toEqual([['COMPLETE', 'rows-seen', 14]]);
  });

  it('none at all is no loss of what another source has, nor of a game that was taken off', () => {
    expect(look([there(box), there(alternative)], [sees(box, 22)])[1]).toEqual(['EMPTY_OK', 'primary-source-has-it', 0]);
    expect(look([there(box), there(alternative)], [sees(alternative, 22)])[0]).toEqual(['EMPTY_OK', 'alternative-source-has-it', 0]);
    expect(look([there(context, { state: 'EMPTY_OK', reason: 'game-postponed', row_count: 0 })], [])).toEqual([['EMPTY_OK', 'game-postponed', 0]]);
    expect(look([there(box)], [], [told(0, after(seenAt, hours(1)))])).toEqual([['FAILED', 'past-due', 0]]);
  });

  it('grades of predictions that were deleted are not rightly empty', () => {
    const predictions = 'nba_predictions.player_prop_predictions';
    const summary = sees('nba_analytics.player_game_summary');
    expect(look([there(predictions), row(graded)], [summary])).toEqual([['FAILED', 'all-rows-lost', 22], ['FAILED', 'past-due', 0]]);
    expect(look([there(predictions), row('nba_predictions.system_daily_performance')], [summary])[1]).toEqual(['FAILED', 'past-due', 0]);
    expect(look([there(graded)], [summary])).toEqual([['FAILED', 'all-rows-lost', 22]]);
  });

  it.each<readonly [what: string, told: readonly ToldRows[], state: string]>([
    ['a later run told of as many', [told(22, before(seenAt, hours(1))), told(21, after(seenAt, hours(1)))], 'COMPLETE'],
    ['a later run told of fewer still', [told(20, after(seenAt, hours(1)))], 'COMPLETE'],
    ['a later run told of more', [told(22, after(seenAt, hours(1)))], 'FAILED'],
    ['a run told of as many, before more were seen', [told(21, before(seenAt, hours(1)))], 'FAILED'],
    ['a later run told of as many, of an older version', [told(21, after(seenAt, hours(2)), before(seenAt, hours(2))), told(22, after(seenAt, hours(1)))], 'FAILED'],
  ])('a result has not lost what %s', (_, all, state) => {
    expect(look([there(box)], [sees(box, 21)], all)[0]?.[0]).toBe(state);
  });

  it.each([context, odds, schedule, 'nba_precompute.player_daily_cache', 'exports/results'])('%s changes by itself, and is as it is', (output) => {
    expect(look([there(output)], [sees(output, 14)])).toEqual([['COMPLETE', 'rows-seen', 14]]);
  });

  it('a source stands in for nothing, and is missed only where no other has the game', () => {
    const primary = row(box, { state: 'EMPTY_OK', reason: 'alternative-source-has-it' });
    expect(look([primary, there(alternative)], [sees(alternative, 14)])).toEqual([['FAILED', 'past-due', 0], ['FAILED', 'rows-lost', 22]]);
    expect(look([there(box), there(alternative)], [sees(box, 22), sees(alternative, 14)])).toEqual([['COMPLETE', 'rows-seen', 22], ['COMPLETE', 'rows-seen', 14]]);
    expect(look([there(box), there(alternative)], [sees(box, 14), sees(alternative, 22)])).toEqual([['FAILED', 'rows-lost', 22], ['COMPLETE', 'rows-seen', 22]]);
  });
});

it('observing the same again keeps the very row, so that nothing is written', () => {
  const names = outputs.map(({ name }) => name);
  const world = fc.record({
    output: fc.constantFrom(...names), state: fc.constantFrom(...ledgerStates), reason: fc.constantFrom('planned', 'none-offered', 'game-postponed', 'rows-lost', 'all-rows-lost'),
    seen: fc.subarray(names), isDegraded: fc.boolean(), count: fc.nat(6), hour: fc.integer({ min: -3, max: 30 }),
  });
  fc.assert(fc.property(world, ({ output, state, reason, seen, isDegraded, count, hour }) => {
    const observations = seen.map((name) => sees(name, 3, isDegraded));
    const now = after(dueAt, hours(hour));
    const once = observe(row(output, { state, reason, row_count: count }), observations, now);
    expect(observe(once, observations, now)).toBe(once);
  }));
});

it('what is COMPLETE has rows, and what is EMPTY_OK, FAILED or MISSED has none', () => {
  const names = outputs.map(({ name }) => name);
  fc.assert(fc.property(fc.constantFrom(...names), fc.subarray(names), fc.integer({ min: -3, max: 30 }), (output, seen, hour) => {
    const { state, row_count: rowCount } = observe(row(output), seen.map((name) => sees(name, 3)), after(dueAt, hours(hour)));
    expect(rowCount > 0).toBe(state === 'COMPLETE');
    if (seen.includes(output)) expect(state).toBe('COMPLETE');
  }));
});
