-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.failed_processor_queue_log` (
  event_id STRING NOT NULL,
  id STRING NOT NULL,
  version INT64 NOT NULL,
  game_date DATE,
  phase STRING NOT NULL,
  processor_name STRING NOT NULL,
  kind STRING NOT NULL,
  error_code STRING NOT NULL,
  error_message STRING NOT NULL,
  error_type STRING NOT NULL,
  retry_count INT64 NOT NULL,
  max_retries INT64 NOT NULL,
  first_failure_at TIMESTAMP NOT NULL,
  last_retry_at TIMESTAMP,
  next_retry_at TIMESTAMP,
  status STRING NOT NULL,
  resolution_notes STRING,
  correlation_id STRING NOT NULL,
  metadata JSON NOT NULL,
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL
)
PARTITION BY DATE(updated_at)
CLUSTER BY id, status
OPTIONS (description = 'Every change of the retry queue: append only, shown by the view failed_processor_queue.', partition_expiration_days = 365);
