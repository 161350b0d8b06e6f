import { epochMs } from '@handoff/contracts';
import { aGame, aPrediction, aSummary } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeSlate, type GradingInput } from './grading.ts';
import { summariseSystems } from './performance.ts';

const grade = (over: Partial<GradingInput> = {}) =>
  gradeSlate({ predictions: [aPrediction()], summaries: [aSummary({ points: 24 })], games: [aGame()], injuryStatus: new Map(), ...over });
const noLine = { line_key: 'none', current_points_line: null, has_prop_line: false, line_source: 'NO_PROP_LINE', line_source_api: null, recommendation: 'NO_LINE', line_margin: null };

it('grades a prediction of 22 over 20.5 for a player who scored 24', () => {
  expect(grade()).toMatchObject({
    ungradable: [],
    rows: [{
      predicted_points: 22, actual_points: 24, minutes_played: 30, absolute_error: 2, signed_error: -2, within_3_points: true, within_5_points: true, points_line: 20.5, predicted_margin: 1.5,
      actual_margin: 3.5, prediction_correct: true, counts_in_win_rate: true, confidence_decile: 6, is_voided: false, void_reason: null,
    }],
  });
});

it.each([
  [22.04, 24, 2, true, true], [27, 24, 3, true, true], [27.04, 24, 3, true, true], [27.05, 24, 3.1, false, true], [29, 24, 5, false, true], [29.1, 24, 5.1, false, false],
] as const)('%d for %d is an error of %d', (...[predicted, actual, error, within3, within5]) => {
  expect(grade({ predictions: [aPrediction({ predicted_points: predicted })], summaries: [aSummary({ points: actual })] }).rows[0])
    .toMatchObject({ absolute_error: error, within_3_points: within3, within_5_points: within5 });
});

it.each([
  ['OVER', 21, true], ['OVER', 20, null], ['OVER', 19, false], ['UNDER', 21, false], ['UNDER', 20, null], ['UNDER', 19, true], ['PASS', 30, null], ['HOLD', 30, null], ['NO_LINE', 30, null],
] as const)('%s a line of 20.0 with %d points: correct %s', (recommendation, actual, correct) => {
  const row = grade({ predictions: [aPrediction({ recommendation, current_points_line: 20, line_key: '200' })], summaries: [aSummary({ points: actual })] }).rows[0];
  expect(row).toMatchObject({ prediction_correct: correct, points_line: 20, counts_in_win_rate: true });
});

it('grades the error of a row without a line, and counts it in no win rate', () => {
  expect(grade({ predictions: [aPrediction(noLine)] }).rows[0]).toMatchObject({ absolute_error: 2, prediction_correct: null, counts_in_win_rate: false, points_line: null, predicted_margin: null, actual_margin: null });
});

it('judges a PrizePicks line, and counts it in no win rate', () => {
  expect(grade({ predictions: [aPrediction({ line_source_api: 'PRIZEPICKS' })] }).rows[0]).toMatchObject({ prediction_correct: true, counts_in_win_rate: false });
});

describe('a player who did not play is void', () => {
  const idle = aSummary({ minutes_played: 0, points: 0 });
  it.each([
    ['OUT', 'dnp_injury_confirmed'], ['DOUBTFUL', 'dnp_injury_confirmed'], ['QUESTIONABLE', 'dnp_late_scratch'], ['PROBABLE', 'dnp_late_scratch'], ['DAY_TO_DAY', 'dnp_late_scratch'], ['', 'dnp_unknown'],
  ])('with status "%s" because %s', (status, reason) => {
    expect(grade({ summaries: [idle], injuryStatus: new Map([['paolobanchero', status]]) }).rows[0])
      .toMatchObject({ is_voided: true, void_reason: reason, absolute_error: null, signed_error: null, within_3_points: null, prediction_correct: null, counts_in_win_rate: false, actual_points: 0 });
  });

  it('when the box score of the final game does not list him', () => {
    expect(grade({ summaries: [aSummary({ player_lookup: 'franzwagner' })] }).rows[0]).toMatchObject({ is_voided: true, void_reason: 'dnp_unknown', actual_points: null, minutes_played: null });
  });

  it('but not one who scored in less than a minute, nor one who played and did not score', () => {
    expect(grade({ summaries: [aSummary({ minutes_played: 0, points: 2 })] }).rows[0]!.is_voided).toBe(false);
    expect(grade({ summaries: [aSummary({ minutes_played: 12, points: 0 })] }).rows[0]).toMatchObject({ is_voided: false, absolute_error: 22 });
  });
});

describe('what is graded', () => {
  it.each([
    ['the game is not final', { games: [aGame({ game_status: 2 })], summaries: [] }, 'game-not-final'],
    ['the game is final without a score', { games: [aGame({ home_team_score: null })], summaries: [] }, 'game-not-final'],
    ['the schedule does not know the game', { games: [] }, 'game-not-final'],
    ['nobody has a box score', { summaries: [] }, 'no-box-score'],
    ['only another game has a box score', { summaries: [aSummary({ nba_game_id: '0022500999' })] }, 'no-box-score'],
  ])('nothing yet when %s', (_, over, reason) => {
    expect(grade(over)).toMatchObject({ rows: [], ungradable: [{ reason }] });
  });

  it('a game whose box score is there before the schedule calls it final', () => {
    expect(grade({ games: [aGame({ game_status: 2, home_team_score: null, away_team_score: null })] })).toMatchObject({ rows: [{ is_voided: false }], ungradable: [] });
  });

  it.each([
    ['superseded', { predictions: [aPrediction({ is_active: false, superseded_by: '215' })] }],
    ['invalidated', { predictions: [aPrediction({ invalidation_reason: 'player-ruled-out' })] }],
    ['of a postponed game', { games: [aGame({ is_postponed: true, home_team_score: null, away_team_score: null })] }],
    ['predicted at tip-off', { predictions: [aPrediction({ predicted_at: aGame().tip_at })] }],
  ])('a row that is %s leaves grading altogether', (_, over) => {
    expect(grade(over)).toEqual({ rows: [], ungradable: [] });
  });

  it('of several active rows the earliest before tip-off', () => {
    const predictions = [aPrediction({ line_key: '215', predicted_at: epochMs(aPrediction().predicted_at + 1) }), aPrediction(), aPrediction({ line_key: '225', predicted_at: epochMs(aGame().tip_at + 1) })];
    expect(grade({ predictions }).rows.map((row) => row.line_key)).toEqual(['205']);
  });
});

it('says the same when asked again, and whatever the order of its input', () => {
  const prediction = fc.record({ player_lookup: fc.constantFrom('a', 'b', 'c'), system_id: fc.constantFrom('x_v1', 'y_v1'), line_key: fc.constantFrom('205', '215'), is_active: fc.boolean() }).map(aPrediction);
  fc.assert(fc.property(fc.uniqueArray(prediction, { selector: (row) => `${row.player_lookup} ${row.system_id} ${row.line_key}` }), (predictions) => {
    const summaries = [aSummary({ player_lookup: 'a' }), aSummary({ player_lookup: 'b', minutes_played: 0, points: 0 })];
    const once = grade({ predictions, summaries });
    expect(grade({ predictions, summaries })).toEqual(once);
    expect(grade({ predictions: predictions.toReversed(), summaries: summaries.toReversed() })).toEqual(once);
    const keys = once.rows.map((row) => `${row.player_lookup} ${row.system_id}`);
    expect(new Set(keys).size).toBe(keys.length);
  }));
});

it('sums a day up by system: errors over all graded rows, win rate over the counted picks alone', () => {
  const predictions = [
    aPrediction({ player_lookup: 'right' }), aPrediction({ player_lookup: 'wrong', recommendation: 'UNDER' }), aPrediction({ player_lookup: 'push', current_points_line: 24, line_key: '240' }),
    aPrediction({ player_lookup: 'passed', recommendation: 'PASS' }), aPrediction({ player_lookup: 'noline', ...noLine }), aPrediction({ player_lookup: 'prizepicks', line_source_api: 'PRIZEPICKS', predicted_points: 30 }),
    aPrediction({ player_lookup: 'void' }), aPrediction({ player_lookup: 'right', system_id: 'another_v1' }),
  ];
  const summaries = ['right', 'wrong', 'push', 'passed', 'noline', 'prizepicks'].map((player_lookup) => aSummary({ player_lookup, points: 24 }));
  expect(summariseSystems(grade({ predictions, summaries }).rows)).toMatchObject([
    { system_id: 'another_v1', predictions_count: 1, win_rate: 1, mae: 2 },
    {
      system_id: 'system_v1', predictions_count: 7, graded_count: 6, voided_count: 1, recommendations_count: 3, correct_count: 1, incorrect_count: 1, pass_count: 1, win_rate: 0.5, mae: 2.6667, avg_bias: -0.6667,
      over_count: 2, over_correct: 1, under_count: 1, under_correct: 0, within_3_count: 5, within_5_count: 5, avg_confidence: 0.55,
    },
  ]);
});

it('has no win rate and no error where nothing was graded', () => {
  expect(summariseSystems(grade({ summaries: [aSummary({ player_lookup: 'franzwagner' })] }).rows)).toMatchObject([{ graded_count: 0, voided_count: 1, win_rate: null, mae: null, avg_bias: null, avg_confidence: null }]);
});
