export {
  checkBoundary, validateBoundary, worstOf, type BoundaryCheck, type BoundaryFacts, type BoundarySeverity, type BoundaryUnit, type BoundaryValidation, type ExpectedUnit, type IncompleteGame,
} from './boundary-check.ts';
export {
  expectedGames, expectedGrades, expectedUnits, gradablePredictions, playersListed, predictionUnit, standingRows, unitsOf,
  type BoxScoreStepRow, type FeatureStepRow, type GradedStepRow, type PredictionStepRow, type StepDue, type StepRow, type SummaryStepRow,
} from './boundary-units.ts';
export { checkGrading, type GradingCoverage } from './grading-coverage.ts';
export { scoreDay, type Score, type ScorecardStatus } from './scorecard.ts';
export { judgeTeams, type CoverageThresholds, type DueGame, type TeamCoverage } from './team-coverage.ts';
export { comparePlayers, type PlayerCount } from './player-counts.ts';
export { judgeFeatureQuality, judgeWindows, type FeatureBaseline, type FeatureMark, type QualityFinding, type WindowMarks } from './feature-quality.ts';
