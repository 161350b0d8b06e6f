-- Which teams have a summary of which games, strictly before a date.
SELECT offense.team_abbr, offense.nba_game_id
FROM `nba_analytics.team_offense_game_summary` AS offense
WHERE offense.game_date >= @from_date AND offense.game_date < @before_date
