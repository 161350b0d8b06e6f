-- Natural key: decision_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.workflow_decisions` (
  decision_id STRING NOT NULL,
  decision_time TIMESTAMP NOT NULL,
  workflow_name STRING NOT NULL,
  action STRING NOT NULL,
  reason STRING NOT NULL,
  context JSON NOT NULL,
  scrapers_triggered ARRAY<STRING>,
  target_games ARRAY<STRING>,
  next_check_time TIMESTAMP,
  priority STRING NOT NULL,
  alert_level STRING NOT NULL,
  triggered_by STRING NOT NULL
)
PARTITION BY DATE(decision_time)
CLUSTER BY workflow_name, action, alert_level
OPTIONS (description = 'What the controller decided, hour by hour.', partition_expiration_days = 90);
