import type { Column, ViewDefinition } from '@handoff/contracts';
import bdlGameScrapeAttempts from './views/bdl-game-scrape-attempts.sql';
import dailyPhaseStatusLog from './views/daily-phase-status-log.sql';
import failedProcessorQueue from './views/failed-processor-queue.sql';
import gaps from './views/gaps.sql';
import featureDefaults from './views/feature-defaults.sql';
import gameIdMappings from './views/game-id-mappings.sql';
import phaseExecutionLog from './views/phase-execution-log.sql';
import processorRunHistory from './views/processor-run-history.sql';
import scraperDataArrival from './views/scraper-data-arrival.sql';
import streamingConflictLog from './views/streaming-conflict-log.sql';
import streamingConflictMetrics from './views/streaming-conflict-metrics.sql';
import windowCompleteness from './views/window-completeness.sql';
import reprocessAttempts from './views/reprocess-attempts.sql';

const text = (name: string): Column => ({ name, type: 'STRING', mode: 'NULLABLE' });
const integer = (name: string): Column => ({ name, type: 'INT64', mode: 'NULLABLE' });
const real = (name: string): Column => ({ name, type: 'FLOAT64', mode: 'NULLABLE' });
const date = (name: string): Column => ({ name, type: 'DATE', mode: 'NULLABLE' });
const instant = (name: string): Column => ({ name, type: 'TIMESTAMP', mode: 'NULLABLE' });
const flag = (name: string): Column => ({ name, type: 'BOOL', mode: 'NULLABLE' });
const json = (name: string): Column => ({ name, type: 'JSON', mode: 'NULLABLE' });

/** Every view of the product. */
export const views: readonly ViewDefinition[] = [
  {
    name: 'nba_raw.v_game_id_mappings',
    description: 'The three ids of a game, one row per game on the date on which it is played, from season 2024 on.',
    text: gameIdMappings,
    columns: [
      text('nba_game_id'), text('bdl_game_id'), date('game_date'), text('game_code'),
      text('home_team_tricode'), text('away_team_tricode'), integer('game_status'), integer('season_year'),
    ],
  },
  {
    name: 'nba_orchestration.phase_execution_log',
    description: 'One row per phase run and revision that came to an end, with its terminal status.',
    text: phaseExecutionLog,
    columns: [
      text('run_id'), instant('execution_timestamp'), text('phase_name'), text('flow'), date('game_date'), integer('revision'), text('correlation_id'),
      instant('start_time'), real('duration_seconds'), integer('games_processed'), integer('rows_written'), text('status'), json('metadata'),
    ],
  },
  {
    name: 'nba_orchestration.daily_phase_status_log',
    description: 'How each phase of a date stands by the ledger: outputs and scopes expected, complete, degraded, failed, missed.',
    text: dailyPhaseStatusLog,
    columns: [
      date('game_date'), text('phase'), text('flow'), integer('expected'), integer('complete'), integer('degraded'), integer('failed'), integer('missed'), text('status'),
    ],
  },
  {
    name: 'nba_predictions.feature_defaults',
    description: 'For how many players of a date each feature is a constant: a good mean of all features hides none of them here.',
    text: featureDefaults,
    columns: [date('game_date'), text('feature_name'), integer('players_defaulted')],
  },
  {
    name: 'nba_precompute.window_completeness',
    description: 'How complete the rolling windows of a date are: the mean over its players, 0 to 100, and how many have all of them.',
    text: windowCompleteness,
    columns: [
      date('game_date'), integer('players'), real('l5_completeness_pct'), real('l10_completeness_pct'), real('l7d_completeness_pct'), real('l14d_completeness_pct'),
      real('l30d_completeness_pct'), integer('players_complete'),
    ],
  },
  {
    name: 'nba_orchestration.bdl_game_scrape_attempts',
    description: 'Whether balldontlie had a game when it was asked: one row for each game that had begun and attempt.',
    text: bdlGameScrapeAttempts,
    columns: [
      instant('scrape_timestamp'), text('execution_id'), text('workflow'), integer('attempt_number'), date('game_date'), text('nba_game_id'), text('home_team'), text('away_team'),
      flag('was_available'), integer('player_count'), text('game_status'), flag('was_expected'), instant('expected_start_time'), instant('estimated_end_time'), flag('is_west_coast'), instant('created_at'),
    ],
  },
  {
    name: 'nba_orchestration.scraper_data_arrival',
    description: 'When each source had which game: one row for each game that had begun and attempt.',
    text: scraperDataArrival,
    columns: [
      instant('attempt_timestamp'), text('scraper_name'), text('workflow'), text('execution_id'), integer('attempt_number'), date('game_date'), text('home_team'), text('away_team'), text('game_id'),
      flag('was_available'), integer('record_count'), text('data_status'), flag('was_expected'), instant('game_start_time'), instant('estimated_game_end'), integer('latency_minutes'), flag('is_west_coast'),
      flag('is_late_game'), instant('created_at'),
    ],
  },
  {
    name: 'nba_orchestration.failed_processor_queue',
    description: 'The retry queue as it is now: one row per piece of failed work.',
    text: failedProcessorQueue,
    columns: [
      text('id'), date('game_date'), text('phase'), text('processor_name'), text('kind'), text('error_code'), text('error_message'), text('error_type'),
      integer('retry_count'), integer('max_retries'), instant('first_failure_at'), instant('last_retry_at'), instant('next_retry_at'), text('status'),
      text('resolution_notes'), text('correlation_id'), json('metadata'), instant('created_at'), instant('updated_at'),
    ],
  },
  {
    name: 'nba_orchestration.streaming_conflict_log',
    description: 'Games that could not be written for streamed rows, one row each, and how that ended.',
    text: streamingConflictLog,
    columns: [
      text('conflict_id'), instant('timestamp'), text('processor_name'), text('game_id'), date('game_date'), text('conflict_type'), integer('retry_count'),
      flag('resolved'), instant('resolution_time'), text('resolution_method'), json('details'), instant('updated_at'),
    ],
  },
  {
    name: 'nba_orchestration.streaming_conflict_metrics',
    description: 'Streaming conflicts by processor and game date: how many, how often they were looked at again, and how many ended well.',
    text: streamingConflictMetrics,
    columns: [
      text('processor_name'), date('game_date'), integer('conflicts'), integer('retries'), integer('resolved'), integer('resolved_by_auto_retry'),
      integer('resolved_by_force_mode'), real('success_rate'),
    ],
  },
  {
    name: 'nba_orchestration.gaps',
    description: 'One row per gap and occurrence as it is now, ended ones too: what was missing, what was tried, how it ended.',
    text: gaps,
    columns: [
      text('gap_id'), date('game_date'), text('output'), text('phase'), text('flow'), text('status'), { name: 'missing', type: 'STRING', mode: 'REPEATED' }, integer('attempts'), text('last_attempt'),
      instant('opened_at'), instant('next_action_at'), instant('ended_at'), text('resolution'), json('history'), instant('updated_at'),
    ],
  },
  {
    name: 'nba_reference.processor_run_history',
    description: 'One row per output that a run made, however often it was told.',
    text: processorRunHistory,
    columns: [
      text('processor_name'), text('run_id'), date('data_date'), text('status'), instant('started_at'), instant('processed_at'), real('duration_seconds'),
      integer('records_processed'), text('phase'), text('flow'), integer('revision'), text('function_name'), text('trigger_source'),
      text('trigger_message_id'), text('correlation_id'), integer('retry_attempt'), text('failure_category'), json('summary'),
    ],
  },
  {
    name: 'nba_orchestration.reprocess_attempts',
    description: 'One row per processor, entity, date and attempt: what was last told of it. An open breaker has circuit_breaker_until in the future.',
    text: reprocessAttempts,
    columns: [
      text('processor_name'), text('entity_id'), date('analysis_date'), integer('attempt_number'), instant('attempted_at'), real('completeness_pct'),
      text('skip_reason'), flag('circuit_breaker_tripped'), instant('circuit_breaker_until'), flag('manual_override_applied'), text('notes'), instant('created_at'),
    ],
  },
];
