-- Natural key: game_date, nba_game_id, player_lookup.
CREATE TABLE IF NOT EXISTS `nba_raw.espn_boxscores` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  season_year INT64 NOT NULL,
  home_team_abbr STRING NOT NULL,
  away_team_abbr STRING NOT NULL,
  home_team_score INT64,
  away_team_score INT64,
  team_abbr STRING NOT NULL,
  player_lookup STRING NOT NULL,
  player_full_name STRING NOT NULL,
  source_player_id STRING NOT NULL,
  minutes FLOAT64 NOT NULL,
  points INT64 NOT NULL,
  assists INT64 NOT NULL,
  rebounds INT64 NOT NULL,
  offensive_rebounds INT64 NOT NULL,
  defensive_rebounds INT64 NOT NULL,
  steals INT64 NOT NULL,
  blocks INT64 NOT NULL,
  turnovers INT64 NOT NULL,
  personal_fouls INT64 NOT NULL,
  field_goals_made INT64 NOT NULL,
  field_goals_attempted INT64 NOT NULL,
  three_pointers_made INT64 NOT NULL,
  three_pointers_attempted INT64 NOT NULL,
  free_throws_made INT64 NOT NULL,
  free_throws_attempted INT64 NOT NULL,
  plus_minus INT64,
  data_hash STRING NOT NULL,
  source_file_path STRING NOT NULL,
  fetched_at TIMESTAMP NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY player_lookup, team_abbr
OPTIONS (description = 'Box scores from ESPN: used where the other sources lack a game.', require_partition_filter = TRUE);
