SELECT
  scores.game_date, scores.game_id, scores.nba_game_id, scores.season_year, scores.home_team_abbr, scores.away_team_abbr, scores.home_team_score,
  scores.away_team_score, scores.team_abbr, scores.player_lookup, scores.player_full_name, scores.source_player_id, scores.minutes, scores.points,
  scores.assists, scores.rebounds, scores.offensive_rebounds, scores.defensive_rebounds, scores.steals, scores.blocks, scores.turnovers,
  scores.personal_fouls, scores.field_goals_made, scores.field_goals_attempted, scores.three_pointers_made, scores.three_pointers_attempted,
  scores.free_throws_made, scores.free_throws_attempted, scores.plus_minus
FROM `nba_raw.bdl_player_boxscores` AS scores
WHERE scores.game_date BETWEEN @from_date AND @until_date
ORDER BY scores.game_date, scores.nba_game_id, scores.player_lookup
