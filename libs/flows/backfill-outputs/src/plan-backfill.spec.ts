import { outputNamed, type Output } from '@handoff/catalogue';
import { after, before, gameDate, hours, minutes, OfficialGameId, parseInstant, Tricode, type EpochMs } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import { targetsOf } from './backfill-outputs.ts';
import { planDate, type DateFacts, type Held } from './plan-backfill.ts';

const date = gameDate('2026-01-24');
const game = OfficialGameId.parse('0022500645');
const now = parseInstant('2026-01-25T17:00:00Z');
const box = 'nba_raw.bdl_player_boxscores';
const summary = 'nba_analytics.player_game_summary';
const named = (name: string): Output => outputNamed(name)!;
const at = (span: number): EpochMs => before(now, minutes(span));
const held = (lastAt: EpochMs, over: Partial<Held> = {}): Held => ({ rows: 20, degradedRows: 0, isPart: false, lastAt, ...over });

function verdict(output: string, there: Readonly<Record<string, Held>>, { over = {}, isForced = false, status = 'final', tipAt = parseInstant('2026-01-24T17:00:00Z') }: { readonly over?: Partial<DateFacts>; readonly isForced?: boolean; readonly status?: SlateGame['status']; readonly tipAt?: EpochMs } = {}) {
  const slate: readonly SlateGame[] = [{ officialId: game, gameDate: date, home: Tricode.parse('CHA'), away: Tricode.parse('WAS'), tipAt, status, homeScore: null, awayScore: null, movedIn: false }];
  const facts: DateFacts = { gameDate: date, slate, held: new Map(Object.entries(there).map(([name, one]) => [`${name}|${game}`, one])), conflicts: [], streamed: [], wasLivedThrough: true, now, ...over };
  return planDate(named(output), facts, { games: [], isForced }).map((piece) => piece.verdict);
}
const makes = (reason: string) => [{ does: 'make', reason }];
const skips = (reason: string) => [{ does: 'skip', reason }];

describe('a piece of a backfill', () => {
  it.each([
    ['missing, with its input', { [box]: held(at(60)) }, makes('missing')],
    ['there, and newer than its input', { [box]: held(at(60)), [summary]: held(at(50)) }, skips('present')],
    ['there, and older than its input', { [box]: held(at(40)), [summary]: held(at(50)) }, makes('stale')],
    ['there, and made of an incomplete set', { [box]: held(at(60)), [summary]: held(at(50), { degradedRows: 3 }) }, makes('stale')],
    ['there in part', { [box]: held(at(60)), [summary]: held(at(50), { isPart: true }) }, makes('part')],
    ['missing, with a part of its input', { [box]: held(at(60), { isPart: true }) }, skips('inputs-missing')],
    ['missing, with a part of its input and all of what stands in for it', { [box]: held(at(60), { isPart: true }), 'nba_raw.nbac_player_boxscores': held(at(60)) }, makes('missing')],
    ['missing, without its input', {}, skips('inputs-missing')],
    ['missing, with what stands in for its input', { 'nba_raw.nbac_player_boxscores': held(at(60)) }, makes('missing')],
  ])('%s', (_, there, expected) => {
    expect(verdict(summary, there)).toEqual(expected);
  });

  it('is made by force though it is there, and not without what it is made of', () => {
    expect(verdict(summary, { [box]: held(at(60)), [summary]: held(at(50)) }, { isForced: true })).toEqual(makes('forced'));
    expect(verdict(summary, {}, { isForced: true })).toEqual(skips('inputs-missing'));
  });

  it('of a postponed game is left alone, by force too', () => {
    expect(verdict(summary, { [box]: held(at(60)) }, { status: 'postponed', isForced: true })).toEqual(skips('postponed'));
  });

  it('that is not due yet is left to the live flow', () => {
    expect(verdict(box, {}, { over: { now: parseInstant('2026-01-25T11:29:00Z') } })).toEqual(skips('live-work'));
    expect(verdict(box, {}, { over: { now: parseInstant('2026-01-25T11:30:00Z') } })).toEqual(makes('missing'));
  });

  it.each(['nba_raw.odds_api_player_points_props', 'nba_predictions.player_prop_predictions'])('of %s is never made after tip-off, by force neither', (output) => {
    const inputs = { 'nba_predictions.ml_feature_store_v2': held(at(60)), 'nba_precompute.player_daily_cache': held(at(60)) };
    expect([verdict(output, inputs), verdict(output, inputs, { isForced: true })]).toEqual([skips('past-tip-off'), skips('past-tip-off')]);
    expect(verdict('nba_predictions.player_prop_predictions', inputs, { over: { now }, tipAt: after(now, hours(1)) })).toEqual(makes('missing'));
  });

  it('of upcoming contexts is made in retrospect by force alone, of features always', () => {
    const schedule = { 'nba_raw.nbac_schedule': held(at(10)) };
    const context = 'nba_analytics.upcoming_player_game_context';
    expect([verdict(context, schedule), verdict(context, schedule, { isForced: true })]).toEqual([skips('past-tip-off'), makes('forced')]);
    expect(verdict('nba_predictions.ml_feature_store_v2', { [context]: held(at(60)), 'nba_analytics.upcoming_team_game_context': held(at(60)) })).toEqual(makes('missing'));
  });

  it('whose source rows somebody streams is refused, with the time from which it is not', () => {
    const conflicts = [{ table: box, game, until: '2026-01-25T17:20:00.000Z' }];
    expect(verdict(summary, { [box]: held(at(60)) }, { over: { conflicts } })).toEqual([{ does: 'skip', reason: 'streaming-buffer', until: '2026-01-25T17:20:00.000Z' }]);
    expect(verdict(summary, { [box]: held(at(60)) }, { over: { conflicts: conflicts.map((conflict) => ({ ...conflict, game: '0022500999' })) } })).toEqual(makes('missing'));
  });

  it.each([
    ['the table that it is written to', summary], ['a table that it is made of', box], ['one that stands in for that', 'nba_raw.espn_boxscores'],
  ])('is refused in every game while %s has streamed rows, and says the conflict of its own game where one is noted', (_, table) => {
    const there = { [box]: held(at(60)) };
    const streamed = [{ table, until: '2026-01-25T17:25:00.000Z' }, { table, until: '2026-01-25T17:30:00.000Z' }];
    expect(verdict(summary, there, { over: { streamed } })).toEqual([{ does: 'skip', reason: 'streaming-buffer', until: '2026-01-25T17:30:00.000Z' }]);
    expect(verdict(summary, there, { over: { streamed }, isForced: true })).toEqual([{ does: 'skip', reason: 'streaming-buffer', until: '2026-01-25T17:30:00.000Z' }]);
    expect(verdict(summary, there, { over: { streamed, conflicts: [{ table: box, game, until: '2026-01-25T17:20:00.000Z' }] } })).toEqual([{ does: 'skip', reason: 'streaming-buffer', until: '2026-01-25T17:20:00.000Z' }]);
    expect(verdict(summary, { ...there, [summary]: held(at(50)) }, { over: { streamed } })).toEqual(skips('present'));
  });

  it('is not refused for streamed rows of a table that it has nothing to do with', () => {
    expect(verdict(summary, { [box]: held(at(60)) }, { over: { streamed: [{ table: 'nba_raw.bdl_injuries', until: '2026-01-25T17:30:00.000Z' }] } })).toEqual(makes('missing'));
  });

  it('is of the games that were named alone', () => {
    const facts: DateFacts = { gameDate: date, slate: [], held: new Map(), conflicts: [], streamed: [], wasLivedThrough: true, now };
    expect(planDate(named(summary), facts, { games: [game], isForced: false })).toEqual([]);
  });
});

describe('the target of a backfill', () => {
  it.each([['phase3', 5], ['player_game_summary', 1], [summary, 1], ['PlayerGameSummaryProcessor', 1], ['phase6-grade', 2]])('%s is %i outputs', (target, count) => {
    expect(targetsOf(target)).toHaveLength(count);
  });

  it.each(['phase1', 'player_summary', ''])('%j is none', (target) => {
    expect(() => targetsOf(target)).toThrow(expect.objectContaining({ code: 'unknown-output' }));
  });
});
