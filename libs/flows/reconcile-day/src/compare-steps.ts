import { boundaries, boundaryValidation, boxScoreCompleteness, boxScoreOutput, gradingCoverage, outputNamed, reconciliation, scorecardBands, withStandIns, type Boundary, type BoundaryName } from '@handoff/catalogue';
import type { EpochMs, GameDate } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { loadDaySteps, loadPhaseStandings, loadSlate, type DaySteps, type PhaseStanding } from '@handoff/read-models';
import { judgeQuality } from '@handoff/scoring';
import { dueTime, type SlateGame } from '@handoff/slate';
import {
  checkBoundary, checkGrading, expectedGames, expectedGrades, expectedUnits, gradablePredictions, playersListed, predictionUnit, scoreDay, standingRows, unitsOf, validateBoundary, worstOf,
  type BoundaryCheck, type BoundaryFacts, type BoundarySeverity, type BoundaryValidation, type GradingCoverage, type Score, type StepDue,
} from '@handoff/validation';

/** One date, compared step by step. */
export interface Reconciliation {
  readonly gameDate: GameDate;
  readonly now: EpochMs;
  readonly games: readonly SlateGame[];
  readonly checks: readonly (BoundaryCheck & BoundaryValidation)[];
  readonly severity: BoundarySeverity;
  readonly grading: GradingCoverage;
  /** Mean over the players, 0 to 100; null without features. */
  readonly featureQuality: number | null;
  readonly phases: readonly PhaseStanding[];
  readonly playersPredicted: number;
  readonly predictions: number;
  readonly score: Score;
}

/** The later of when the catalogue wants an output, and what it is given after the step before. */
function dueOf(output: string, date: GameDate): StepDue {
  const due = outputNamed(output)?.due;
  if (due === undefined) throw new RangeError(`no output ${output} in the catalogue`);
  return { dueAt: dueTime(date, due), settleMs: reconciliation.settleMs };
}

/**
 * Compares what the steps of a date hold with each other. A date without games has nothing to compare, and reads
 * nothing but its slate.
 *
 * @throws what the state store and the warehouse throw: nothing is taken for missing because it could not be read.
 */
export async function compareSteps({ state, warehouse }: Pick<Ports, 'state' | 'warehouse'>, date: GameDate, now: EpochMs): Promise<Reconciliation | undefined> {
  const slate = await loadSlate({ state, warehouse }, date);
  if (slate.every(({ status }) => status === 'postponed')) return undefined;
  const steps = standing(await loadDaySteps(warehouse, date), slate);
  const phases = await loadPhaseStandings(warehouse, date);
  const facts = factsOf(steps, slate, date);
  const quality = meanOf(steps.features.map((row) => row.feature_quality_score));
  const checks = boundaries.map((boundary) => {
    const check = checkBoundary({ boundary, ...facts[boundary.name] }, reconciliation, now);
    return { ...check, ...validateBoundary(check, boundary.name === 'analytics-to-features' && quality !== null ? quality / 100 : null, boundaryValidation) };
  });
  const gradable = gradablePredictions(steps.predictions, steps.summaries, slate);
  const expected = expectedGrades(gradable, steps.summaries, dueOf('nba_predictions.prediction_accuracy', date));
  const active = steps.predictions.filter((row) => row.is_active);
  return {
    gameDate: date, now, games: slate, checks, severity: worstOf(checks.map(({ severity }) => severity)), phases, featureQuality: quality,
    grading: checkGrading({ gradable, expected, summaries: steps.summaries, graded: steps.graded }, gradingCoverage, now),
    playersPredicted: new Set(active.map((row) => row.player_lookup)).size, predictions: active.length, score: scoreDay(checks, quality, scorecardBands),
  };
}

const standing = (steps: DaySteps, slate: readonly SlateGame[]): DaySteps => ({
  boxScores: standingRows(steps.boxScores, slate), summaries: standingRows(steps.summaries, slate), upcoming: standingRows(steps.upcoming, slate),
  features: standingRows(steps.features, slate), predictions: standingRows(steps.predictions, slate), graded: standingRows(steps.graded, slate),
});

function factsOf(steps: DaySteps, slate: readonly SlateGame[], date: GameDate): Readonly<Record<BoundaryName, Omit<BoundaryFacts, 'boundary'>>> {
  const due = (name: BoundaryName): StepDue => dueOf((boundaries.find((boundary) => boundary.name === name) as Boundary).to, date);
  const listed = playersListed(steps.boxScores, slate, withStandIns(boxScoreOutput));
  const gradable = gradablePredictions(steps.predictions, steps.summaries, slate);
  // Below the least quality nobody is predicted: it is no hole that there is no prediction (reference section 9.3).
  const predictable = steps.features.filter((row) => judgeQuality(row.feature_quality_score) !== 'skip');
  return {
    'schedule-to-box-scores': { expected: expectedGames(slate, boxScoreCompleteness.dueAfterMs), present: unitsOf(steps.boxScores).map(({ game }) => ({ game, unit: game })) },
    'box-scores-to-analytics': { expected: expectedUnits(listed, due('box-scores-to-analytics')), present: unitsOf(steps.summaries) },
    'analytics-to-features': { expected: expectedUnits(steps.upcoming, due('analytics-to-features')), present: unitsOf(steps.features) },
    'features-to-predictions': { expected: expectedUnits(predictable, due('features-to-predictions')), present: unitsOf(steps.predictions) },
    'predictions-to-grading': { expected: expectedGrades(gradable, steps.summaries, due('predictions-to-grading')), present: steps.graded.map(predictionUnit) },
  };
}

const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);

/** What became of the predictions of some dates: graded, void, or not gradable, with the reason. */
export interface GradingCounts {
  readonly graded: number;
  readonly voided: number;
  /** Standing predictions, by why they have no grade. */
  readonly ungradable: Readonly<Record<'no-box-score' | 'not-graded' | 'made-after-tip-off', number>>;
}

/** Counts what grading came to on some dates, as the tables have it. A failed read throws. */
export async function countGrades({ state, warehouse }: Pick<Ports, 'state' | 'warehouse'>, dates: readonly GameDate[]): Promise<GradingCounts> {
  const counts = { graded: 0, voided: 0, ungradable: { 'no-box-score': 0, 'not-graded': 0, 'made-after-tip-off': 0 } };
  for (const date of dates) {
    const slate = await loadSlate({ state, warehouse }, date);
    if (slate.length === 0) continue;
    const { predictions, summaries, graded } = standing(await loadDaySteps(warehouse, date), slate);
    counts.voided += graded.filter((row) => row.is_voided).length;
    counts.graded += graded.filter((row) => !row.is_voided).length;
    const gradable = new Set(gradablePredictions(predictions, summaries, slate));
    const summarised = new Set(summaries.map((row) => row.nba_game_id));
    const has = new Set(graded.map((row) => `${row.nba_game_id} ${row.player_lookup} ${row.system_id}`));
    for (const row of predictions.filter((one) => one.is_active && one.invalidation_reason === null && !has.has(`${one.nba_game_id} ${one.player_lookup} ${one.system_id}`))) {
      counts.ungradable[!summarised.has(row.nba_game_id) ? 'no-box-score' : gradable.has(row) ? 'not-graded' : 'made-after-tip-off'] += 1;
    }
  }
  return counts;
}
