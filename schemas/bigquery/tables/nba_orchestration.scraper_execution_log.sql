-- Natural key: execution_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.scraper_execution_log` (
  execution_id STRING NOT NULL,
  scraper_name STRING NOT NULL,
  workflow STRING NOT NULL,
  game_date DATE NOT NULL,
  status STRING NOT NULL,
  triggered_at TIMESTAMP NOT NULL,
  completed_at TIMESTAMP NOT NULL,
  duration_seconds FLOAT64 NOT NULL,
  source STRING NOT NULL,
  object_paths ARRAY<STRING>,
  record_count INT64 NOT NULL,
  data_summary JSON NOT NULL,
  error_code STRING,
  error_message STRING
)
PARTITION BY DATE(triggered_at)
CLUSTER BY scraper_name, workflow, status, source
OPTIONS (description = 'One row per scraper run.', partition_expiration_days = 90);
