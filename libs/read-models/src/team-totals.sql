-- What every team scored and allowed per possession this season, strictly before a date, added up.
SELECT
  attack.team_abbr, attack.games, attack.wins, attack.offensive_rating_sum, attack.offensive_rating_count, attack.pace_sum, attack.pace_count,
  COALESCE(guard.defensive_rating_sum, 0.0) AS defensive_rating_sum, COALESCE(guard.defensive_rating_count, 0) AS defensive_rating_count
FROM (
  SELECT
    offense.team_abbr, COUNT(*) AS games, COUNTIF(offense.win_flag) AS wins,
    COALESCE(SUM(offense.offensive_rating), 0.0) AS offensive_rating_sum, COUNT(offense.offensive_rating) AS offensive_rating_count,
    COALESCE(SUM(offense.pace), 0.0) AS pace_sum, COUNT(offense.pace) AS pace_count
  FROM `nba_analytics.team_offense_game_summary` AS offense
  WHERE offense.game_date >= @from_date AND offense.game_date < @before_date
  GROUP BY offense.team_abbr
) AS attack
LEFT JOIN (
  SELECT
    defense.defending_team_abbr, SUM(defense.defensive_rating) AS defensive_rating_sum, COUNT(defense.defensive_rating) AS defensive_rating_count
  FROM `nba_analytics.team_defense_game_summary` AS defense
  WHERE defense.game_date >= @from_date AND defense.game_date < @before_date
  GROUP BY defense.defending_team_abbr
) AS guard ON guard.defending_team_abbr = attack.team_abbr
ORDER BY attack.team_abbr
