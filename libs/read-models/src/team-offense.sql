SELECT
  offense.game_date, offense.nba_game_id, offense.season_year, offense.team_abbr, offense.win_flag, offense.offensive_rating, offense.pace
FROM `nba_analytics.team_offense_game_summary` AS offense
WHERE offense.game_date >= @from_date AND offense.game_date < @before_date
