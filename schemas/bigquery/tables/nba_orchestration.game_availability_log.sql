-- Natural key: event_id.
CREATE TABLE IF NOT EXISTS `nba_orchestration.game_availability_log` (
  event_id STRING NOT NULL,
  attempted_at TIMESTAMP NOT NULL,
  scraper_name STRING NOT NULL,
  workflow STRING NOT NULL,
  execution_id STRING NOT NULL,
  game_date DATE NOT NULL,
  nba_game_id STRING NOT NULL,
  home_team STRING NOT NULL,
  away_team STRING NOT NULL,
  was_available BOOL NOT NULL,
  player_count INT64 NOT NULL,
  data_status STRING NOT NULL,
  game_status STRING NOT NULL,
  was_expected BOOL NOT NULL,
  expected_start_time TIMESTAMP NOT NULL,
  estimated_end_time TIMESTAMP NOT NULL,
  latency_minutes INT64,
  is_west_coast BOOL NOT NULL,
  is_late_game BOOL NOT NULL,
  created_at TIMESTAMP NOT NULL
)
PARTITION BY DATE(attempted_at)
CLUSTER BY scraper_name, game_date, was_available
OPTIONS (description = 'Whether a source had a game when it was asked, one row for each game and attempt: append only, shown by scraper_data_arrival and bdl_game_scrape_attempts.', partition_expiration_days = 90);
