import { groupBy } from '@handoff/analytics';
import { roundTo, type SystemDailyPerformanceRow, type WithoutProvenance } from '@handoff/contracts';
import type { PredictionAccuracy } from './grading.ts';
import { mean } from './statistics.ts';

export type SystemDailyPerformance = WithoutProvenance<SystemDailyPerformanceRow>;

/**
 * One row per date and system, in that order. Errors, bias and confidence are over all graded rows, as stored, so that a
 * query over prediction_accuracy gives the same; recommendations and win rates over those that count in win rates. A push
 * is a recommendation, and neither correct nor incorrect.
 */
export function summariseSystems(rows: readonly PredictionAccuracy[]): readonly SystemDailyPerformance[] {
  return [...groupBy(rows, (row) => `${row.game_date} ${row.system_id}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, ofSystem]) => (ofSystem[0] === undefined ? [] : [performanceOf(ofSystem[0], ofSystem)]));
}

function performanceOf({ game_date, system_id }: PredictionAccuracy, rows: readonly PredictionAccuracy[]): SystemDailyPerformance {
  const graded = rows.filter((row) => !row.is_voided);
  const picks = graded.filter((row) => row.counts_in_win_rate && (row.recommendation === 'OVER' || row.recommendation === 'UNDER'));
  const overs = picks.filter((row) => row.recommendation === 'OVER');
  const unders = picks.filter((row) => row.recommendation === 'UNDER');
  const correct = correctIn(picks);
  const incorrect = picks.filter((row) => row.prediction_correct === false).length;
  return {
    game_date,
    system_id,
    predictions_count: rows.length,
    graded_count: graded.length,
    voided_count: rows.length - graded.length,
    recommendations_count: picks.length,
    correct_count: correct,
    incorrect_count: incorrect,
    pass_count: graded.filter((row) => row.recommendation === 'PASS').length,
    win_rate: correct + incorrect === 0 ? null : roundTo(correct / (correct + incorrect), 4),
    mae: averageOf(graded.flatMap((row) => row.absolute_error ?? [])),
    avg_bias: averageOf(graded.flatMap((row) => row.signed_error ?? [])),
    over_count: overs.length,
    over_correct: correctIn(overs),
    under_count: unders.length,
    under_correct: correctIn(unders),
    within_3_count: graded.filter((row) => row.within_3_points === true).length,
    within_5_count: graded.filter((row) => row.within_5_points === true).length,
    avg_confidence: averageOf(graded.map((row) => row.confidence_score)),
  };
}

const correctIn = (rows: readonly PredictionAccuracy[]): number => rows.filter((row) => row.prediction_correct === true).length;

function averageOf(values: readonly number[]): number | null {
  const average = mean(values);
  return average === null ? null : roundTo(average, 4);
}
