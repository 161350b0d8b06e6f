import { z } from 'zod';
import { date, flag, instant, integer, json, real, text, texts } from '../table.ts';

/** nba_orchestration.workflow_decisions: one row per workflow and hour. */
export const WorkflowDecisionRow = z.object({
  decision_id: text(),
  decision_time: instant(),
  workflow_name: text(),
  /** RUN, SKIP or ABORT. */
  action: text(),
  reason: text(),
  context: json(),
  scrapers_triggered: texts(),
  target_games: texts(),
  next_check_time: instant().nullable(),
  priority: text(),
  /** NONE, INFO, WARNING or CRITICAL. */
  alert_level: text(),
  triggered_by: text(),
});
export type WorkflowDecisionRow = z.infer<typeof WorkflowDecisionRow>;

/** nba_orchestration.scraper_execution_log: one row per scraper run. */
export const ScraperExecutionRow = z.object({
  execution_id: text(),
  scraper_name: text(),
  workflow: text(),
  game_date: date(),
  /** success, no_data or failed. */
  status: text(),
  triggered_at: instant(),
  completed_at: instant(),
  duration_seconds: real(),
  source: text(),
  object_paths: texts(),
  record_count: integer(),
  data_summary: json(),
  error_code: text().nullable(),
  error_message: text().nullable(),
});
export type ScraperExecutionRow = z.infer<typeof ScraperExecutionRow>;

/**
 * nba_orchestration.pipeline_event_log: what every function, phase run and processor did, as it was told. Append only,
 * and at least once: an event that was published twice is there twice, under one id. The views deduplicate.
 */
export const PipelineEventRow = z.object({
  event_id: text(),
  /** function-run, phase-run or processor-run. */
  event_type: text(),
  occurred_at: instant(),
  /** Names the unit of work: a message or tick, a release, a release and the output made for it. */
  run_id: text(),
  function_name: text(),
  /** The function, the phase or the processor that ran. */
  name: text(),
  phase: text().nullable(),
  flow: text().nullable(),
  game_date: date().nullable(),
  revision: integer().nullable(),
  /** complete, degraded, failed, superseded, rejected, deferred or to-be-retried. */
  status: text(),
  outcome: text(),
  started_at: instant(),
  duration_seconds: real(),
  /** Rises with every attempt at one unit of work. */
  attempt: integer(),
  games_processed: integer().nullable(),
  rows_written: integer().nullable(),
  /** message or schedule. */
  trigger_source: text(),
  trigger_key: text(),
  correlation_id: text(),
  error_code: text().nullable(),
  error_message: text().nullable(),
  metadata: json(),
});
export type PipelineEventRow = z.infer<typeof PipelineEventRow>;

/** nba_orchestration.streaming_conflict_events: games that could not be written for rows in the streaming buffer, one row per change. */
export const StreamingConflictRow = z.object({
  /** The conflict and its version. */
  event_id: text(),
  conflict_id: text(),
  version: integer(),
  updated_at: instant(),
  /** When it was found. */
  timestamp: instant(),
  /** The table that could not be written. */
  processor_name: text(),
  game_id: text(),
  game_date: date(),
  /** streaming_buffer. */
  conflict_type: text(),
  /** Re-checks that found it still in conflict. */
  retry_count: integer(),
  resolved: flag(),
  resolution_time: instant().nullable(),
  /** auto_retry, manual or force_mode. */
  resolution_method: text().nullable(),
  details: json(),
});
export type StreamingConflictRow = z.infer<typeof StreamingConflictRow>;

/**
 * nba_orchestration.failed_processor_queue_log: what the retry queue's items became, one row per change. The owner's
 * names of columns and states; the view failed_processor_queue shows what each is now.
 */
export const RetryQueueRow = z.object({
  /** The item and its version. */
  event_id: text(),
  id: text(),
  /** Rises with every change of an item. */
  version: integer(),
  game_date: date().nullable(),
  phase: text(),
  /** The function that failed, or the output that is missing. */
  processor_name: text(),
  /** scrape, raw, analytics, features, predict, grade, publish or hand-off. */
  kind: text(),
  error_code: text(),
  error_message: text(),
  /** transient, permanent or missing_game. */
  error_type: text(),
  retry_count: integer(),
  max_retries: integer(),
  first_failure_at: instant(),
  last_retry_at: instant().nullable(),
  next_retry_at: instant().nullable(),
  /** pending, retrying, succeeded or failed_permanent. */
  status: text(),
  resolution_notes: text().nullable(),
  correlation_id: text(),
  metadata: json(),
  created_at: instant(),
  updated_at: instant(),
});
export type RetryQueueRow = z.infer<typeof RetryQueueRow>;

/**
 * nba_orchestration.reprocess_attempt_log: what became of an attempt to process an entity whose data was too incomplete,
 * as it was told. Append only, and at least once; what is told later of an attempt, that its breaker was closed say,
 * is a further row. `nba_orchestration.reprocess_attempts` shows what stands.
 */
export const ReprocessAttemptRow = z.object({
  event_id: text(),
  processor_name: text(),
  /** A player's lookup, or a team's tricode. */
  entity_id: text(),
  analysis_date: date(),
  /** Counts all attempts of the processor at the entity on the date, from 1. */
  attempt_number: integer(),
  attempted_at: instant(),
  /** Percent of the games that the entity's window asks for. */
  completeness_pct: real(),
  /** Why the entity was left out, kebab-case. */
  skip_reason: text(),
  circuit_breaker_tripped: flag(),
  /** null while the breaker is not open. */
  circuit_breaker_until: instant().nullable(),
  /** True when an operator closed the breaker. */
  manual_override_applied: flag(),
  notes: text().nullable(),
  created_at: instant(),
});
export type ReprocessAttemptRow = z.infer<typeof ReprocessAttemptRow>;

/**
 * nba_orchestration.game_availability_log: whether a source had a game that had begun when it was asked. Append only,
 * and at least once; the views over it deduplicate, and count the attempts.
 */
export const GameAvailabilityRow = z.object({
  /** The run, its scraper and the game. */
  event_id: text(),
  attempted_at: instant(),
  scraper_name: text(),
  workflow: text(),
  execution_id: text(),
  game_date: date(),
  nba_game_id: text(),
  home_team: text(),
  away_team: text(),
  was_available: flag(),
  player_count: integer(),
  /** available, not-started or absent. */
  data_status: text(),
  /** As the schedule had it: scheduled, live or final. */
  game_status: text(),
  /** True when the game should have been over. */
  was_expected: flag(),
  expected_start_time: instant(),
  /** Tip-off and two and a half hours. */
  estimated_end_time: instant(),
  /** From the estimated end to the attempt; null while the source does not have the game. */
  latency_minutes: integer().nullable(),
  is_west_coast: flag(),
  /** Tip-off at 22:00 ET or later. */
  is_late_game: flag(),
  created_at: instant(),
});
export type GameAvailabilityRow = z.infer<typeof GameAvailabilityRow>;

/** nba_orchestration.expected_outputs: the ledger. One row per output, date and scope. */
export const ExpectedOutputRow = z.object({
  game_date: date(),
  output: text(),
  scope: text(),
  phase: text(),
  flow: text(),
  /** convergent or time-bound. */
  recovery_class: text(),
  /** EXPECTED, COMPLETE, DEGRADED, EMPTY_OK, FAILED or MISSED. */
  state: text(),
  /** Why the state is what it is, kebab-case. */
  reason: text(),
  /** Of what is FAILED or MISSED: the output that was missing first, its own name where it was not for want of another; else null. */
  cause: text().nullable(),
  expected_by: instant(),
  /** Rows that were seen; of what has lost some of them, as many as there were. */
  row_count: integer(),
  planned_at: instant(),
  observed_at: instant().nullable(),
});
export type ExpectedOutputRow = z.infer<typeof ExpectedOutputRow>;

/**
 * nba_orchestration.gap_log: each change of a gap, as it was told. Append only, and at least once;
 * `nba_orchestration.gaps` shows what stands.
 */
export const GapRow = z.object({
  event_id: text(),
  /** Date, output and occurrence. */
  gap_id: text(),
  /** Rises with every change. */
  version: integer(),
  game_date: date(),
  output: text(),
  phase: text(),
  flow: text(),
  /** open, stopped, closed, void or waived. */
  status: text(),
  /** The scopes that are missing now; of a gap that has ended, those that were missing last. */
  missing: texts(),
  attempts: integer(),
  /** What was tried last; null while nothing was. */
  last_attempt: text().nullable(),
  opened_at: instant(),
  next_action_at: instant().nullable(),
  ended_at: instant().nullable(),
  /** How it ended; null while it has not. */
  resolution: text().nullable(),
  /** The last hundred attempts: when, what, for which scopes, at how many messages, by whom, and its correlation id. */
  history: json(),
  updated_at: instant(),
});
export type GapRow = z.infer<typeof GapRow>;
/** nba_orchestration.daily_scorecard: how one date went. Percentages 0 to 100, 1 decimal; null where nothing is due. */
export const DailyScorecardRow = z.object({
  game_date: date(),
  /** Games that are played on the date; those that were postponed are counted apart. */
  games_expected: integer(),
  games_postponed: integer(),
  games_with_box_score: integer(),
  box_score_coverage_pct: real().nullable(),
  analytics_coverage_pct: real().nullable(),
  features_coverage_pct: real().nullable(),
  predictions_coverage_pct: real().nullable(),
  grading_coverage_pct: real().nullable(),
  /** Mean over the players, 0 to 100, 2 decimals. */
  feature_quality_avg: real().nullable(),
  players_predicted: integer(),
  predictions_count: integer(),
  graded_count: integer(),
  voided_count: integer(),
  /** Phases of both flows, by the ledger. */
  phases_succeeded: integer(),
  phases_failed: integer(),
  /** 0 to 100, 1 decimal. */
  score: real().nullable(),
  /** healthy, degraded, unhealthy, critical, or nothing-due. */
  status: text(),
  /** True when everything of the date was due. */
  is_final: flag(),
  observed_at: instant(),
});
export type DailyScorecardRow = z.infer<typeof DailyScorecardRow>;

/** nba_orchestration.phase_boundary_validations: what was found at one boundary of a date. */
export const PhaseBoundaryValidationRow = z.object({
  game_date: date(),
  boundary: text(),
  from_output: text(),
  to_output: text(),
  /** games, players or predictions. */
  counts: text(),
  expected_count: integer(),
  present_count: integer(),
  not_due_count: integer(),
  /** 0 to 100, 1 decimal; null where nothing is due. */
  coverage_pct: real().nullable(),
  /** ok, warning or error, by the coverage. */
  severity: text(),
  /** Games of which anything came through, per game; 0 to 1, 4 decimals. */
  game_ratio: real().nullable(),
  /** Of what came through, 0 to 1, 4 decimals; null where it has none. */
  quality: real().nullable(),
  /** The validator's word: ok, warning or error, by game_ratio and quality. */
  verdict: text(),
  missing_games: texts(),
  observed_at: instant(),
});
export type PhaseBoundaryValidationRow = z.infer<typeof PhaseBoundaryValidationRow>;


/** nba_orchestration.publications: one row per published file. */
export const PublicationRow = z.object({
  game_date: date(),
  flow: text(),
  export_name: text(),
  object_path: text(),
  /** Entries in the file's main list. */
  item_count: integer(),
  content_hash: text(),
  run_id: text(),
  revision: integer(),
  published_at: instant(),
});
export type PublicationRow = z.infer<typeof PublicationRow>;
