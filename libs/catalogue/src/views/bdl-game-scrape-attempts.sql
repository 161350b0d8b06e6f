SELECT
  attempts.attempted_at AS scrape_timestamp,
  attempts.execution_id AS execution_id,
  attempts.workflow AS workflow,
  ROW_NUMBER() OVER (PARTITION BY attempts.scraper_name, attempts.game_date, attempts.nba_game_id ORDER BY attempts.attempted_at, attempts.event_id) AS attempt_number,
  attempts.game_date AS game_date,
  attempts.nba_game_id AS nba_game_id,
  attempts.home_team AS home_team,
  attempts.away_team AS away_team,
  attempts.was_available AS was_available,
  attempts.player_count AS player_count,
  attempts.game_status AS game_status,
  attempts.was_expected AS was_expected,
  attempts.expected_start_time AS expected_start_time,
  attempts.estimated_end_time AS estimated_end_time,
  attempts.is_west_coast AS is_west_coast,
  attempts.created_at AS created_at
FROM (
  SELECT log.*
  FROM `nba_orchestration.game_availability_log` AS log
  WHERE log.scraper_name = 'bdl_player_box_scores'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY log.event_id ORDER BY log.created_at) = 1
) AS attempts
