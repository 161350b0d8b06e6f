SELECT upcoming.nba_game_id, upcoming.player_lookup, upcoming.processed_at
FROM `nba_analytics.upcoming_player_game_context` AS upcoming
WHERE upcoming.game_date = @game_date
