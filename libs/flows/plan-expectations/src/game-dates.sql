SELECT DISTINCT schedule.game_date
FROM `nba_raw.nbac_schedule` AS schedule
WHERE schedule.game_date BETWEEN @season_start AND @season_end AND NOT schedule.is_postponed
ORDER BY schedule.game_date
