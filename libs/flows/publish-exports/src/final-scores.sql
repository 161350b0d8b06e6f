SELECT offense.nba_game_id, offense.team_abbr, offense.points_scored
FROM `nba_analytics.team_offense_game_summary` AS offense
WHERE offense.game_date = @game_date
