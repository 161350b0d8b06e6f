-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.gap_log` (
  event_id STRING NOT NULL,
  gap_id STRING NOT NULL,
  version INT64 NOT NULL,
  game_date DATE NOT NULL,
  output STRING NOT NULL,
  phase STRING NOT NULL,
  flow STRING NOT NULL,
  status STRING NOT NULL,
  missing ARRAY<STRING>,
  attempts INT64 NOT NULL,
  last_attempt STRING,
  opened_at TIMESTAMP NOT NULL,
  next_action_at TIMESTAMP,
  ended_at TIMESTAMP,
  resolution STRING,
  history JSON NOT NULL,
  updated_at TIMESTAMP NOT NULL
)
PARTITION BY DATE(updated_at)
CLUSTER BY gap_id, status
OPTIONS (description = 'Every change of a gap: append only, shown by the view gaps.', partition_expiration_days = 365);
