-- Every row of every game that stands on any date of a range: a move is seen only with both of its rows.
SELECT
  schedule.game_date, schedule.game_id, schedule.tip_at, schedule.game_status, schedule.home_team_tricode, schedule.away_team_tricode,
  schedule.home_team_score, schedule.away_team_score, schedule.is_postponed
FROM `nba_raw.nbac_schedule` AS schedule
WHERE schedule.game_date BETWEEN @season_start AND @season_end
  AND schedule.game_id IN (
    SELECT wanted.game_id FROM `nba_raw.nbac_schedule` AS wanted WHERE wanted.game_date BETWEEN @from_date AND @until_date
  )
