-- One row per output that a run made, however often it was told.
CREATE OR REPLACE VIEW `nba_reference.processor_run_history` AS
SELECT
  runs.name AS processor_name,
  runs.run_id AS run_id,
  runs.game_date AS data_date,
  runs.status AS status,
  runs.started_at AS started_at,
  runs.occurred_at AS processed_at,
  runs.duration_seconds AS duration_seconds,
  runs.rows_written AS records_processed,
  runs.phase AS phase,
  runs.flow AS flow,
  runs.revision AS revision,
  runs.function_name AS function_name,
  runs.trigger_source AS trigger_source,
  runs.trigger_key AS trigger_message_id,
  runs.correlation_id AS correlation_id,
  runs.attempt AS retry_attempt,
  runs.error_code AS failure_category,
  runs.metadata AS summary
FROM `nba_orchestration.pipeline_event_log` AS runs
WHERE runs.event_type = 'processor-run'
QUALIFY ROW_NUMBER() OVER (PARTITION BY runs.run_id ORDER BY runs.occurred_at DESC, runs.event_id) = 1;
