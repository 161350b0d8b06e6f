export {
  after, before, days, elapsed, epochMs, GameDate, gameDate, hours, Instant, isoInstant, milliseconds, minutes, parseInstant, seconds,
  type DurationMs, type EpochMs, type TimeOfDay,
} from './time.ts';
export { pairOf, partsOfPair, type OutputScope } from './pairs.ts';
export { errorKinds, type ErrorCode, type ErrorKind } from './error-codes.ts';
export { hasCode, PipelineError, type Disposition, type ErrorFacts, type PipelineErrorOptions } from './errors.ts';
export { columnsOf, type Column, type ColumnType, type Row, type TableDefinition, type ViewDefinition } from './table.ts';
export { DateGameId, Flow, GameCode, OfficialGameId, Phase, PlayerLookup, Scope, Sport, Tricode } from './identity.ts';
export { InjuryRow, PlayerBoxScoreRow, PlayerPointsLineRow, ScheduleRow } from './rows/raw.ts';
export {
  PlayerGameSummaryRow, TeamDefenseGameSummaryRow, TeamOffenseGameSummaryRow, UpcomingPlayerGameContextRow, UpcomingTeamGameContextRow,
} from './rows/analytics.ts';
export { FeatureStoreRow, PlayerDailyCacheRow, PredictionAccuracyRow, PredictionRow, SystemDailyPerformanceRow } from './rows/features.ts';
export {
  DailyScorecardRow, ExpectedOutputRow, GameAvailabilityRow, GapRow, PhaseBoundaryValidationRow, PipelineEventRow, PublicationRow, ReprocessAttemptRow, RetryQueueRow, ScraperExecutionRow, StreamingConflictRow, WorkflowDecisionRow,
} from './rows/orchestration.ts';
export {
  BoxscoreGapsDetected, Completion, FilesStored, GapsDetected, GateDue, GateOutcome, JobTick, OutputsCompleted, PhaseRun, PhaseTriggered, PlayerAnswer, PredictionRequested, PredictionsReady,
  isInRetrospect, Purpose, ScrapeRequested, SkipReason, StoredFile, WatchdogCanary,
} from './messages.ts';
export type { WithoutProvenance } from './rows/provenance.ts';
export { rowOfWire, wireRowOf, type WireRow } from './wire-row.ts';
export { roundTo } from './rounding.ts';
export { hashOf, hashRow, hashRows } from './content-hash.ts';
