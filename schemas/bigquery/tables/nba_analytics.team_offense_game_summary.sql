-- Natural key: game_date, nba_game_id, team_abbr.
CREATE TABLE IF NOT EXISTS `nba_analytics.team_offense_game_summary` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  season_year INT64 NOT NULL,
  team_abbr STRING NOT NULL,
  opponent_team_abbr STRING NOT NULL,
  home_game BOOL NOT NULL,
  win_flag BOOL NOT NULL,
  points_scored INT64 NOT NULL,
  margin_of_victory INT64 NOT NULL,
  fg_makes INT64 NOT NULL,
  fg_attempts INT64 NOT NULL,
  three_pt_makes INT64 NOT NULL,
  three_pt_attempts INT64 NOT NULL,
  ft_makes INT64 NOT NULL,
  ft_attempts INT64 NOT NULL,
  rebounds INT64 NOT NULL,
  offensive_rebounds INT64 NOT NULL,
  assists INT64 NOT NULL,
  turnovers INT64 NOT NULL,
  personal_fouls INT64 NOT NULL,
  possessions FLOAT64 NOT NULL,
  offensive_rating FLOAT64,
  pace FLOAT64,
  players_used INT64 NOT NULL,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY team_abbr
OPTIONS (description = 'What a team scored in one final game.', require_partition_filter = TRUE);
