-- Natural key: game_date, nba_game_id, player_lookup.
CREATE TABLE IF NOT EXISTS `nba_predictions.ml_feature_store_v2` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  player_lookup STRING NOT NULL,
  team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  feature_version STRING NOT NULL,
  feature_count INT64 NOT NULL,
  feature_names ARRAY<STRING>,
  features ARRAY<FLOAT64>,
  feature_origins ARRAY<STRING>,
  feature_quality_score FLOAT64 NOT NULL,
  default_feature_count INT64 NOT NULL,
  default_feature_names ARRAY<STRING>,
  quality_tier STRING NOT NULL,
  data_source STRING NOT NULL,
  is_production_ready BOOL NOT NULL,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY player_lookup
OPTIONS (description = 'The feature vector of a player in an upcoming game.', require_partition_filter = TRUE);
