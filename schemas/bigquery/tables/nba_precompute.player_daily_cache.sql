-- Natural key: cache_date, player_lookup.
CREATE TABLE IF NOT EXISTS `nba_precompute.player_daily_cache` (
  cache_date DATE NOT NULL,
  nba_game_id STRING NOT NULL,
  player_lookup STRING NOT NULL,
  team_abbr STRING NOT NULL,
  games_played_season INT64 NOT NULL,
  games_in_last_7_days INT64 NOT NULL,
  games_in_last_14_days INT64 NOT NULL,
  last_game_date DATE,
  points_avg_last_5 FLOAT64,
  points_avg_last_10 FLOAT64,
  points_avg_last_7_days FLOAT64,
  points_avg_last_14_days FLOAT64,
  points_avg_last_30_days FLOAT64,
  points_avg_season FLOAT64,
  points_std_last_10 FLOAT64,
  minutes_avg_last_5 FLOAT64,
  minutes_avg_last_10 FLOAT64,
  minutes_avg_season FLOAT64,
  usage_rate_last_10 FLOAT64,
  ppm_avg_last_10 FLOAT64,
  ft_rate_last_10 FLOAT64,
  three_pt_rate_last_10 FLOAT64,
  l5_completeness_pct FLOAT64 NOT NULL,
  l10_completeness_pct FLOAT64 NOT NULL,
  l7d_completeness_pct FLOAT64 NOT NULL,
  l14d_completeness_pct FLOAT64 NOT NULL,
  l30d_completeness_pct FLOAT64 NOT NULL,
  all_windows_complete BOOL NOT NULL,
  data_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  is_degraded BOOL NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY cache_date
CLUSTER BY player_lookup
OPTIONS (description = 'Rolling windows of a player as of the morning of a slate.', require_partition_filter = TRUE);
