-- Natural key: game_date, nba_game_id, defending_team_abbr.
CREATE TABLE IF NOT EXISTS `nba_analytics.team_defense_game_summary` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  season_year INT64 NOT NULL,
  defending_team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  home_game BOOL NOT NULL,
  points_allowed INT64 NOT NULL,
  opp_fg_makes INT64 NOT NULL,
  opp_fg_attempts INT64 NOT NULL,
  opp_three_pt_makes INT64 NOT NULL,
  opp_three_pt_attempts INT64 NOT NULL,
  opp_ft_attempts INT64 NOT NULL,
  opp_rebounds INT64 NOT NULL,
  opp_assists INT64 NOT NULL,
  turnovers_forced INT64 NOT NULL,
  defensive_rating FLOAT64,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY defending_team_abbr
OPTIONS (description = 'What a team allowed in one final game.', require_partition_filter = TRUE);
