SELECT
  runs.run_id AS run_id,
  runs.occurred_at AS execution_timestamp,
  runs.phase AS phase_name,
  runs.flow AS flow,
  runs.game_date AS game_date,
  runs.revision AS revision,
  runs.correlation_id AS correlation_id,
  runs.started_at AS start_time,
  runs.duration_seconds AS duration_seconds,
  runs.games_processed AS games_processed,
  runs.rows_written AS rows_written,
  runs.status AS status,
  runs.metadata AS metadata
FROM `nba_orchestration.pipeline_event_log` AS runs
WHERE runs.event_type = 'phase-run'
QUALIFY ROW_NUMBER() OVER (PARTITION BY runs.run_id ORDER BY runs.occurred_at DESC, runs.event_id) = 1
