SELECT
  context.game_date, context.game_id, context.nba_game_id, context.team_abbr, context.opponent_team_abbr, context.is_home, context.tip_at,
  context.days_rest, context.is_back_to_back, context.games_in_last_7_days, context.games_in_last_14_days, context.season_wins,
  context.season_losses, context.completeness_pct
FROM `nba_analytics.upcoming_team_game_context` AS context
WHERE context.game_date BETWEEN @from_date AND @until_date
ORDER BY context.game_date, context.nba_game_id, context.team_abbr
