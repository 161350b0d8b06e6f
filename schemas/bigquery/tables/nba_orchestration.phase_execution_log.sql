-- Natural key: run_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.phase_execution_log` (
  run_id STRING NOT NULL,
  execution_timestamp TIMESTAMP NOT NULL,
  phase_name STRING NOT NULL,
  flow STRING NOT NULL,
  game_date DATE NOT NULL,
  revision INT64 NOT NULL,
  start_time TIMESTAMP NOT NULL,
  duration_seconds FLOAT64 NOT NULL,
  games_processed INT64 NOT NULL,
  rows_written INT64 NOT NULL,
  status STRING NOT NULL,
  metadata JSON NOT NULL
)
PARTITION BY game_date
CLUSTER BY phase_name, status
OPTIONS (description = 'One row per phase run and revision.', partition_expiration_days = 90);
