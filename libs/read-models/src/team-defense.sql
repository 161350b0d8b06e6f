SELECT defense.game_date, defense.nba_game_id, defense.season_year, defense.defending_team_abbr, defense.defensive_rating
FROM `nba_analytics.team_defense_game_summary` AS defense
WHERE defense.game_date >= @from_date AND defense.game_date < @before_date
