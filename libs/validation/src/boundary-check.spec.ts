import { boundaries, boundaryValidation, gradingCoverage, scorecardBands } from '@handoff/catalogue';
import { after, before, gameDate, minutes, OfficialGameId, parseInstant, Tricode } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBoundary, checkGrading, expectedGrades, gradablePredictions, playersListed, scoreDay, standingRows, validateBoundary, type BoundaryCheck, type GradedStepRow, type PredictionStepRow } from './index.ts';

const now = parseInstant('2026-01-25T17:00:00Z');
const [players] = boundaries.filter(({ name }) => name === 'box-scores-to-analytics');
const gameNumber = (number: number): OfficialGameId => OfficialGameId.parse(`00225${String(number).padStart(5, '0')}`);
const [first, second] = [gameNumber(1), gameNumber(2)];
const unit = (name: string, game = first, dueAt = before(now, minutes(1))) => ({ game, unit: name, dueAt });
const thresholds = { warningPct: 95, errorPct: 80 };
const check = (expected: readonly ReturnType<typeof unit>[], present: readonly { game: OfficialGameId; unit: string }[]) => checkBoundary({ boundary: players!, expected, present }, thresholds, now);
const shareOf = (there: number, of: number) => check(Array.from({ length: of }, (_, index) => unit(`p${index}`)), Array.from({ length: there }, (_, index) => unit(`p${index}`)));

describe('a boundary', () => {
  it.each([[20, 20, 'ok'], [19, 20, 'ok'], [949, 1000, 'warning'], [16, 20, 'warning'], [799, 1000, 'error'], [0, 3, 'error'], [0, 0, 'ok']])('with %i of %i is %s', (there, of, severity) => {
    expect(shareOf(there, of).severity).toBe(severity);
  });

  it('misses nothing before it is due, and counts what is there early', () => {
    const later = after(now, minutes(1));
    expect(check([unit('a'), unit('b', first, later), unit('c', first, later)], [unit('a'), unit('b')])).toMatchObject({ expected: 2, present: 2, notDue: 1, coveragePct: 100 });
    expect(check([unit('c', first, later)], [])).toMatchObject({ expected: 0, coveragePct: null, severity: 'ok' });
  });

  it('names what is missing by its game, and nothing that only the later step has', () => {
    expect(check([unit('a'), unit('b'), unit('a', second)], [unit('b'), unit('z')]).incomplete).toEqual([{ game: first, expected: 2, missing: ['a'] }, { game: second, expected: 1, missing: ['a'] }]);
  });

  it('never gets worse when something arrives', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), fc.nat(39), (there, arrives) => {
      const of = (states: readonly boolean[]) => check(states.map((_, index) => unit(`p${index}`)), states.flatMap((is, index) => (is ? [unit(`p${index}`)] : []))).coveragePct ?? 0;
      expect(of(there.map((is, index) => is || index === arrives))).toBeGreaterThanOrEqual(of(there));
    }));
  });
});

describe('the boundary validator', () => {
  const games = (there: number, of: number) => check(Array.from({ length: of }, (_, index) => unit('p', gameNumber(index))), Array.from({ length: there }, (_, index) => unit('p', gameNumber(index))));
  it.each([[10, 10, null, 'ok'], [8, 10, null, 'ok'], [7, 10, null, 'warning'], [5, 10, null, 'warning'], [4, 10, null, 'error'], [10, 10, 0.7, 'ok'], [10, 10, 0.69, 'warning'], [0, 0, null, 'ok']])('%i of %i games of quality %j is %s', (there, of, quality, verdict) => {
    expect(validateBoundary(games(there, of), quality, boundaryValidation).verdict).toBe(verdict);
  });
});

describe('the score', () => {
  const of = (...pcts: readonly (number | null)[]) => pcts.map((coveragePct) => ({ coveragePct, severity: coveragePct === null || coveragePct >= 95 ? 'ok' : coveragePct >= 80 ? 'warning' : 'error' }) as BoundaryCheck);
  it.each([
    [[100, 100, 100, 100, 100], 85, 97.5, 'healthy'],
    [[100, 100, 100, null, null], null, 100, 'healthy'],
    [[100, 100, 100, 100, 90], 85, 89.9, 'degraded'],
    [[100, 100, 100, 100, 0], 85, 69.9, 'unhealthy'],
    [[50, 50, 0, 0, 0], 85, 30.8, 'critical'],
    [[null, null, null, null, null], 85, null, 'nothing-due'],
  ])('of %j with quality %j is %j, %s: four good ones hide no hole', (pcts, quality, score, status) => {
    expect(scoreDay(of(...pcts), quality, scorecardBands)).toEqual({ score, status });
  });
});

const [home, away] = [Tricode.parse('ORL'), Tricode.parse('MEM')];
const tipAt = parseInstant('2026-01-25T00:00:00Z');
const game = (officialId = first, over: Partial<SlateGame> = {}): SlateGame => ({ officialId, gameDate: gameDate('2026-01-24'), home, away, tipAt, status: 'final', homeScore: 100, awayScore: 90, movedIn: false, ...over });

describe('the players that summaries are made of', () => {
  const row = (player: string, source: string, over: object = {}) => ({ nba_game_id: first, player_lookup: player, processed_at: now, source, team_abbr: 'ORL', minutes: 20, ...over });
  const named = (...rows: readonly ReturnType<typeof row>[]) => playersListed(rows, [game()], ['bdl', 'league']).map((listed) => listed.player_lookup);
  it('are those of the first source in which somebody played, of the two teams', () => {
    expect(named(row('a', 'bdl'), row('b', 'league'), row('c', 'bdl', { team_abbr: 'BOS' }))).toEqual(['a']);
    expect(named(row('a', 'bdl', { minutes: 0 }), row('b', 'league'))).toEqual(['b']);
  });
  it('are nobody of a postponed game', () => {
    expect(standingRows([row('a', 'bdl')], [game(first, { status: 'postponed' })])).toEqual([]);
  });
});

describe('grading coverage', () => {
  const prediction = (player: string, over: Partial<PredictionStepRow> = {}): PredictionStepRow => ({ nba_game_id: first, player_lookup: player, system_id: 's', processed_at: now, is_active: true, invalidation_reason: null, current_points_line: 20.5, predicted_at: before(tipAt, minutes(60)), ...over });
  const summary = (player: string, over: object = {}) => ({ nba_game_id: first, player_lookup: player, processed_at: before(now, minutes(600)), points: 20, minutes_played: 30, ...over });
  const grade = (player: string, over: Partial<GradedStepRow> = {}): GradedStepRow => ({ nba_game_id: first, player_lookup: player, system_id: 's', processed_at: now, is_voided: false, ...over });
  const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  const coverage = (predictions: readonly PredictionStepRow[], summaries: readonly ReturnType<typeof summary>[], graded: readonly GradedStepRow[], dueAt = before(now, minutes(1))) => {
    const gradable = gradablePredictions(predictions, summaries, [game()]);
    return checkGrading({ gradable, expected: expectedGrades(gradable, summaries, { dueAt, settleMs: minutes(120) }), summaries, graded }, gradingCoverage, now);
  };

  it.each([[20, 20, 'ok'], [19, 20, 'ok'], [94, 100, 'warning'], [80, 100, 'warning'], [79, 100, 'error'], [50, 100, 'error'], [49, 100, 'critical'], [0, 1, 'critical']])('%i of %i is %s', (graded, of, severity) => {
    expect(coverage(names(of).map((name) => prediction(name)), names(of).map((name) => summary(name)), names(graded).map((name) => grade(name)))).toMatchObject({ gradable: of, graded, severity });
  });

  it.each([
    ['without a line', { current_points_line: null }],
    ['that was taken back', { invalidation_reason: 'game-postponed' }],
    ['that another took the place of', { is_active: false }],
    ['made after tip-off', { predicted_at: after(tipAt, minutes(1)) }],
  ])('does not want one %s', (_, over) => {
    expect(coverage([prediction('a', over)], [summary('a')], [])).toMatchObject({ gradable: 0, coveragePct: null, severity: 'ok' });
  });

  it('wants none of a player who did not play, and none before it is due', () => {
    expect(coverage([prediction('a')], [summary('a', { points: 0, minutes_played: 0 })], [grade('a', { is_voided: true })])).toMatchObject({ gradable: 0, voided: 1, severity: 'ok' });
    expect(coverage([prediction('a')], [summary('b')], [])).toMatchObject({ gradable: 0 });
    expect(coverage([prediction('a')], [summary('a')], [], after(now, minutes(1)))).toMatchObject({ gradable: 0, coveragePct: null });
    expect(coverage([prediction('a')], [summary('a', { processed_at: before(now, minutes(10)) })], [])).toMatchObject({ gradable: 0 });
  });
});
