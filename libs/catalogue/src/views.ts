import type { Column, ViewDefinition } from '@handoff/contracts';
import failedProcessorQueue from './views/failed-processor-queue.sql';
import gaps from './views/gaps.sql';
import gameIdMappings from './views/game-id-mappings.sql';
import phaseExecutionLog from './views/phase-execution-log.sql';
import processorRunHistory from './views/processor-run-history.sql';
import streamingConflictLog from './views/streaming-conflict-log.sql';
import streamingConflictMetrics from './views/streaming-conflict-metrics.sql';
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
