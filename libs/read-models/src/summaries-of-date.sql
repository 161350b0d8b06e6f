SELECT summary.nba_game_id, summary.player_lookup, summary.points, summary.minutes_played, summary.processed_at
FROM `nba_analytics.player_game_summary` AS summary
WHERE summary.game_date = @game_date
