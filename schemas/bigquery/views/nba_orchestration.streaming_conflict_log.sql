-- Games that could not be written for streamed rows, one row each, and how that ended.
CREATE OR REPLACE VIEW `nba_orchestration.streaming_conflict_log` AS
SELECT
  changes.conflict_id AS conflict_id,
  changes.`timestamp` AS `timestamp`,
  changes.processor_name AS processor_name,
  changes.game_id AS game_id,
  changes.game_date AS game_date,
  changes.conflict_type AS conflict_type,
  changes.retry_count AS retry_count,
  changes.resolved AS resolved,
  changes.resolution_time AS resolution_time,
  changes.resolution_method AS resolution_method,
  changes.details AS details,
  changes.updated_at AS updated_at
FROM `nba_orchestration.streaming_conflict_events` AS changes
QUALIFY ROW_NUMBER() OVER (PARTITION BY changes.conflict_id ORDER BY changes.version DESC) = 1;
