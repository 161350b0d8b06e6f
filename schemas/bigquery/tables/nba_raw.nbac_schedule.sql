-- Natural key: game_date, game_id.
CREATE TABLE IF NOT EXISTS `nba_raw.nbac_schedule` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  game_code STRING NOT NULL,
  season_year INT64 NOT NULL,
  tip_at TIMESTAMP NOT NULL,
  game_status INT64 NOT NULL,
  game_status_text STRING NOT NULL,
  home_team_tricode STRING NOT NULL,
  away_team_tricode STRING NOT NULL,
  home_team_score INT64,
  away_team_score INT64,
  is_postponed BOOL NOT NULL,
  is_neutral_site BOOL NOT NULL,
  data_hash STRING NOT NULL,
  source_file_path STRING NOT NULL,
  fetched_at TIMESTAMP NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY home_team_tricode, away_team_tricode
OPTIONS (description = 'Every game on every date on which it was planned.', require_partition_filter = TRUE);
