SELECT
  attempts.attempted_at AS attempt_timestamp,
  attempts.scraper_name AS scraper_name,
  attempts.workflow AS workflow,
  attempts.execution_id AS execution_id,
  ROW_NUMBER() OVER (PARTITION BY attempts.scraper_name, attempts.game_date, attempts.nba_game_id ORDER BY attempts.attempted_at, attempts.event_id) AS attempt_number,
  attempts.game_date AS game_date,
  attempts.home_team AS home_team,
  attempts.away_team AS away_team,
  attempts.nba_game_id AS game_id,
  attempts.was_available AS was_available,
  attempts.player_count AS record_count,
  attempts.data_status AS data_status,
  attempts.was_expected AS was_expected,
  attempts.expected_start_time AS game_start_time,
  attempts.estimated_end_time AS estimated_game_end,
  attempts.latency_minutes AS latency_minutes,
  attempts.is_west_coast AS is_west_coast,
  attempts.is_late_game AS is_late_game,
  attempts.created_at AS created_at
FROM (
  SELECT log.*
  FROM `nba_orchestration.game_availability_log` AS log
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY log.event_id ORDER BY log.created_at) = 1
) AS attempts
