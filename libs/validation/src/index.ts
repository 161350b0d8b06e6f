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
export { checkDecisionFrequency, checkDecisionGap, checkDecisionPattern, type DecidedHour, type DecisionFacts, type GapThresholds, type PatternQuestion } from './decision-checks.ts';
export { expectedDecisions, type ExpectedDecision } from './expected-decisions.ts';
export { checkCompleteness, checkPredictions, checkStuckRuns, checkTransitionDelay, type JudgedHandoff, type PredictionFacts, type ReleasedRun } from './handoff-checks.ts';
export { worstHealthOf, type HealthCheck, type HealthSeverity } from './health-check.ts';
export { checkCompletion, checkFailedQueue, checkPhaseTiming, checkTransitions, type DueHandoff, type EndedRun, type QueuedWork } from './work-checks.ts';
export { summariseDay, type DayFacts, type DaySummary, type SummarySection } from './day-summary.ts';
