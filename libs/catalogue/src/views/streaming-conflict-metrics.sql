WITH latest AS (
  SELECT changes.processor_name AS processor_name, changes.game_date AS game_date, changes.retry_count AS retry_count, changes.resolved AS resolved, changes.resolution_method AS resolution_method
  FROM `nba_orchestration.streaming_conflict_events` AS changes
  QUALIFY ROW_NUMBER() OVER (PARTITION BY changes.conflict_id ORDER BY changes.version DESC) = 1
)
SELECT
  latest.processor_name AS processor_name,
  latest.game_date AS game_date,
  COUNT(*) AS conflicts,
  SUM(latest.retry_count) AS retries,
  COUNTIF(latest.resolved) AS resolved,
  COUNTIF(latest.resolution_method = 'auto_retry') AS resolved_by_auto_retry,
  COUNTIF(latest.resolution_method = 'force_mode') AS resolved_by_force_mode,
  SAFE_DIVIDE(COUNTIF(latest.resolved), COUNT(*)) AS success_rate
FROM latest
GROUP BY latest.processor_name, latest.game_date
