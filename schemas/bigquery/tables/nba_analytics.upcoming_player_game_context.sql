-- Natural key: game_date, nba_game_id, player_lookup.
CREATE TABLE IF NOT EXISTS `nba_analytics.upcoming_player_game_context` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  player_lookup STRING NOT NULL,
  player_full_name STRING NOT NULL,
  team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  is_home BOOL NOT NULL,
  tip_at TIMESTAMP NOT NULL,
  days_rest INT64,
  is_back_to_back BOOL NOT NULL,
  games_in_last_7_days INT64 NOT NULL,
  games_in_last_14_days INT64 NOT NULL,
  injury_status STRING,
  has_prop_line BOOL NOT NULL,
  line_source STRING NOT NULL,
  line_source_api STRING,
  sportsbook STRING,
  current_points_line FLOAT64,
  opening_points_line FLOAT64,
  line_snapshot_at TIMESTAMP,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY player_lookup
OPTIONS (description = 'One row per player expected in a game that is still to be played.', require_partition_filter = TRUE);
