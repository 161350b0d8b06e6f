-- Where a game was planned; without a game, every game of the range.
SELECT schedule.game_date, schedule.game_id, schedule.tip_at, schedule.home_team_tricode, schedule.away_team_tricode
FROM `nba_raw.nbac_schedule` AS schedule
WHERE schedule.game_date BETWEEN @from_date AND @until_date AND (@game IS NULL OR schedule.game_id = @game)
ORDER BY schedule.game_date, schedule.tip_at, schedule.game_id
