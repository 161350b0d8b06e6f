-- Natural key: report_date, player_lookup.
CREATE TABLE IF NOT EXISTS `nba_raw.bdl_injuries` (
  report_date DATE NOT NULL,
  player_lookup STRING NOT NULL,
  player_full_name STRING NOT NULL,
  injury_status STRING NOT NULL,
  description STRING NOT NULL,
  data_hash STRING NOT NULL,
  source_file_path STRING NOT NULL,
  fetched_at TIMESTAMP NOT NULL,
  processed_at TIMESTAMP NOT NULL
)
PARTITION BY report_date
CLUSTER BY player_lookup
OPTIONS (description = 'Injury status by report date.', require_partition_filter = TRUE);
