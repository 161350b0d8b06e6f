-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.reprocess_attempt_log` (
  event_id STRING NOT NULL,
  processor_name STRING NOT NULL,
  entity_id STRING NOT NULL,
  analysis_date DATE NOT NULL,
  attempt_number INT64 NOT NULL,
  attempted_at TIMESTAMP NOT NULL,
  completeness_pct FLOAT64 NOT NULL,
  skip_reason STRING NOT NULL,
  circuit_breaker_tripped BOOL NOT NULL,
  circuit_breaker_until TIMESTAMP,
  manual_override_applied BOOL NOT NULL,
  notes STRING,
  created_at TIMESTAMP NOT NULL
)
PARTITION BY analysis_date
CLUSTER BY processor_name, entity_id, analysis_date
OPTIONS (description = 'Attempts to process entities whose data is too incomplete: append only, deduplicated by the view on it.', partition_expiration_days = 365);
