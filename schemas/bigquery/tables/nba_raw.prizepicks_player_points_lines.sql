-- Natural key: game_date, source_event_id, bookmaker, player_lookup, line_key, snapshot_at.
CREATE TABLE IF NOT EXISTS `nba_raw.prizepicks_player_points_lines` (
  game_date DATE NOT NULL,
  game_id STRING NOT NULL,
  nba_game_id STRING NOT NULL,
  source_event_id STRING NOT NULL,
  bookmaker STRING NOT NULL,
  player_lookup STRING NOT NULL,
  player_name STRING NOT NULL,
  line_key STRING NOT NULL,
  points_line FLOAT64 NOT NULL,
  over_price_american INT64,
  under_price_american INT64,
  snapshot_at TIMESTAMP NOT NULL,
  minutes_before_tipoff INT64 NOT NULL,
  is_usable BOOL NOT NULL,
  data_hash STRING NOT NULL,
  source_file_path STRING NOT NULL,
  fetched_at TIMESTAMP NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY player_lookup, bookmaker
OPTIONS (description = 'Points lines of PrizePicks, by snapshot: shown, never counted in win rates.', require_partition_filter = TRUE);
