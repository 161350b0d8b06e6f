SELECT context.game_date, context.nba_game_id, context.player_lookup
FROM `nba_analytics.upcoming_player_game_context` AS context
WHERE context.game_date IN UNNEST(@dates) AND context.nba_game_id IN UNNEST(@games)
ORDER BY context.player_lookup
