-- Natural key: game_date, nba_game_id, player_lookup, system_id, line_key.
CREATE TABLE IF NOT EXISTS `nba_predictions.prediction_accuracy` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  player_lookup STRING NOT NULL,
  system_id STRING NOT NULL,
  line_key STRING NOT NULL,
  team_abbr STRING NOT NULL,
  predicted_points FLOAT64 NOT NULL,
  actual_points INT64,
  minutes_played FLOAT64,
  absolute_error FLOAT64,
  signed_error FLOAT64,
  within_3_points BOOL,
  within_5_points BOOL,
  points_line FLOAT64,
  predicted_margin FLOAT64,
  actual_margin FLOAT64,
  recommendation STRING NOT NULL,
  prediction_correct BOOL,
  counts_in_win_rate BOOL NOT NULL,
  line_source_api STRING,
  confidence_score FLOAT64 NOT NULL,
  confidence_decile INT64 NOT NULL,
  is_voided BOOL NOT NULL,
  void_reason STRING,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY system_id, player_lookup
OPTIONS (description = 'Graded predictions.', require_partition_filter = TRUE);
