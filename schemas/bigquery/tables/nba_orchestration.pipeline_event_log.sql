-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.pipeline_event_log` (
  event_id STRING NOT NULL,
  event_type STRING NOT NULL,
  occurred_at TIMESTAMP NOT NULL,
  run_id STRING NOT NULL,
  function_name STRING NOT NULL,
  name STRING NOT NULL,
  phase STRING,
  flow STRING,
  game_date DATE,
  revision INT64,
  status STRING NOT NULL,
  outcome STRING NOT NULL,
  started_at TIMESTAMP NOT NULL,
  duration_seconds FLOAT64 NOT NULL,
  attempt INT64 NOT NULL,
  games_processed INT64,
  rows_written INT64,
  trigger_source STRING NOT NULL,
  trigger_key STRING NOT NULL,
  correlation_id STRING NOT NULL,
  error_code STRING,
  error_message STRING,
  metadata JSON NOT NULL
)
PARTITION BY DATE(occurred_at)
CLUSTER BY event_type, game_date, status
OPTIONS (description = 'What every function, phase run and processor did: append only, deduplicated by the views on it.', partition_expiration_days = 90);
