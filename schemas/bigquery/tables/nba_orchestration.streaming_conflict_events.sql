-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.streaming_conflict_events` (
  event_id STRING NOT NULL,
  conflict_id STRING NOT NULL,
  version INT64 NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  timestamp TIMESTAMP NOT NULL,
  processor_name STRING NOT NULL,
  game_id STRING NOT NULL,
  game_date DATE NOT NULL,
  conflict_type STRING NOT NULL,
  retry_count INT64 NOT NULL,
  resolved BOOL NOT NULL,
  resolution_time TIMESTAMP,
  resolution_method STRING,
  details JSON NOT NULL
)
PARTITION BY DATE(updated_at)
CLUSTER BY conflict_id, processor_name
OPTIONS (description = 'Every change of a streaming conflict: append only, shown by the view streaming_conflict_log.', partition_expiration_days = 365);
