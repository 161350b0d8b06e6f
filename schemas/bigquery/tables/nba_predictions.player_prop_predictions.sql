-- Natural key: game_date, nba_game_id, player_lookup, system_id, line_key.
CREATE TABLE IF NOT EXISTS `nba_predictions.player_prop_predictions` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  player_lookup STRING NOT NULL,
  player_full_name STRING NOT NULL,
  system_id STRING NOT NULL,
  line_key STRING NOT NULL,
  team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  predicted_points FLOAT64 NOT NULL,
  confidence_score FLOAT64 NOT NULL,
  recommendation STRING NOT NULL,
  has_prop_line BOOL NOT NULL,
  line_source STRING NOT NULL,
  line_source_api STRING,
  sportsbook STRING,
  current_points_line FLOAT64,
  line_margin FLOAT64,
  feature_quality_score FLOAT64 NOT NULL,
  is_active BOOL NOT NULL,
  superseded_by STRING,
  invalidation_reason STRING,
  factors JSON NOT NULL,
  predicted_at TIMESTAMP NOT NULL,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY system_id, player_lookup
OPTIONS (description = 'Predicted points, one row per date, game, player, system and line.', require_partition_filter = TRUE);
