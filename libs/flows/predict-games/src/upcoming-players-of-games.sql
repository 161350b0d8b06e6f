SELECT
  context.game_date, context.game_id, context.nba_game_id, context.player_lookup, context.player_full_name, context.team_abbr,
  context.opponent_team_abbr, context.is_home, context.tip_at, context.days_rest, context.is_back_to_back, context.games_in_last_7_days,
  context.games_in_last_14_days, context.injury_status, context.has_prop_line, context.line_source, context.line_source_api, context.sportsbook,
  context.current_points_line, context.opening_points_line, context.line_snapshot_at
FROM `nba_analytics.upcoming_player_game_context` AS context
WHERE context.game_date = @game_date AND context.nba_game_id IN UNNEST(@games)
ORDER BY context.player_lookup
