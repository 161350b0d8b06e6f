SELECT
  schedule.game_date, schedule.game_id, schedule.game_code, schedule.season_year, schedule.tip_at, schedule.game_status, schedule.game_status_text,
  schedule.home_team_tricode, schedule.away_team_tricode, schedule.home_team_score, schedule.away_team_score, schedule.is_postponed,
  schedule.is_neutral_site
FROM `nba_raw.nbac_schedule` AS schedule
WHERE schedule.game_date BETWEEN @season_start AND @season_end
