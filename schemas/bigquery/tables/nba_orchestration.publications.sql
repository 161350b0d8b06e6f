-- Natural key: game_date, export_name, object_path.
CREATE TABLE IF NOT EXISTS `nba_orchestration.publications` (
  game_date DATE NOT NULL,
  flow STRING NOT NULL,
  export_name STRING NOT NULL,
  object_path STRING NOT NULL,
  item_count INT64 NOT NULL,
  content_hash STRING NOT NULL,
  run_id STRING NOT NULL,
  revision INT64 NOT NULL,
  published_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY export_name
OPTIONS (description = 'One row per published file.', partition_expiration_days = 365);
