SELECT
  schedule.game_id AS nba_game_id,
  REPLACE(schedule.game_code, '/' || schedule.away_team_tricode, '_' || schedule.away_team_tricode || '_') AS bdl_game_id,
  schedule.game_date AS game_date,
  schedule.game_code AS game_code,
  schedule.home_team_tricode AS home_team_tricode,
  schedule.away_team_tricode AS away_team_tricode,
  schedule.game_status AS game_status,
  schedule.season_year AS season_year
FROM `nba_raw.nbac_schedule` AS schedule
WHERE schedule.game_date >= '2024-07-01' AND schedule.season_year >= 2024
QUALIFY ROW_NUMBER() OVER (PARTITION BY schedule.game_id ORDER BY schedule.is_postponed, schedule.game_date DESC) = 1
