-- Natural key: game_date, nba_game_id, team_abbr.
CREATE TABLE IF NOT EXISTS `nba_analytics.upcoming_team_game_context` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  is_home BOOL NOT NULL,
  tip_at TIMESTAMP NOT NULL,
  days_rest INT64,
  is_back_to_back BOOL NOT NULL,
  games_in_last_7_days INT64 NOT NULL,
  games_in_last_14_days INT64 NOT NULL,
  season_wins INT64 NOT NULL,
  season_losses INT64 NOT NULL,
  completeness_pct FLOAT64 NOT NULL,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY team_abbr
OPTIONS (description = 'One row per team of each game that is still to be played.', require_partition_filter = TRUE);
