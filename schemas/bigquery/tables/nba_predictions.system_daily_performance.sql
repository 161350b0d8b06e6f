-- Natural key: game_date, system_id.
CREATE TABLE IF NOT EXISTS `nba_predictions.system_daily_performance` (
  game_date DATE NOT NULL,
  system_id STRING NOT NULL,
  predictions_count INT64 NOT NULL,
  graded_count INT64 NOT NULL,
  voided_count INT64 NOT NULL,
  recommendations_count INT64 NOT NULL,
  correct_count INT64 NOT NULL,
  incorrect_count INT64 NOT NULL,
  pass_count INT64 NOT NULL,
  win_rate FLOAT64,
  mae FLOAT64,
  avg_bias FLOAT64,
  over_count INT64 NOT NULL,
  over_correct INT64 NOT NULL,
  under_count INT64 NOT NULL,
  under_correct INT64 NOT NULL,
  within_3_count INT64 NOT NULL,
  within_5_count INT64 NOT NULL,
  avg_confidence FLOAT64,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY system_id
OPTIONS (description = 'How each system did on one slate.', require_partition_filter = TRUE);
