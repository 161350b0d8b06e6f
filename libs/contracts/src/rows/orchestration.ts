import { z } from 'zod';
import { date, instant, integer, json, real, text, texts } from '../table.ts';

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

/** nba_orchestration.phase_execution_log: one row per phase run and revision. */
export const PhaseExecutionRow = z.object({
  run_id: text(),
  execution_timestamp: instant(),
  phase_name: text(),
  flow: text(),
  game_date: date(),
  revision: integer(),
  start_time: instant(),
  duration_seconds: real(),
  games_processed: integer(),
  rows_written: integer(),
  /** complete, degraded or failed. */
  status: text(),
  metadata: json(),
});
export type PhaseExecutionRow = z.infer<typeof PhaseExecutionRow>;

/** nba_orchestration.expected_outputs: the ledger. One row per output, date and scope. */
export const ExpectedOutputRow = z.object({
  game_date: date(),
  output: text(),
  scope: text(),
  phase: text(),
  flow: text(),
  /** convergent or time-bound. */
  recovery_class: text(),
  /** EXPECTED, RUNNING, COMPLETE, DEGRADED, EMPTY_OK, FAILED or MISSED. */
  state: text(),
  /** Why the state is what it is, kebab-case. */
  reason: text(),
  expected_by: instant(),
  row_count: integer(),
  planned_at: instant(),
  observed_at: instant().nullable(),
});
export type ExpectedOutputRow = z.infer<typeof ExpectedOutputRow>;

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
