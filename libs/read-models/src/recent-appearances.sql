-- Who played for whom lately: enough to say who is expected next.
SELECT
  summary.game_date, summary.nba_game_id, summary.season_year, summary.player_lookup, summary.player_full_name, summary.team_abbr, summary.minutes_played
FROM `nba_analytics.player_game_summary` AS summary
WHERE summary.game_date >= @from_date AND summary.game_date < @before_date AND summary.minutes_played > 0
ORDER BY summary.game_date, summary.nba_game_id, summary.player_lookup
