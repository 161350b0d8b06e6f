-- This season's games with minutes of some players, strictly before a date: what windows, features and systems read.
SELECT
  summary.game_date, summary.nba_game_id, summary.season_year, summary.player_lookup, summary.team_abbr, summary.opponent_team_abbr,
  summary.is_home, summary.minutes_played, summary.points, summary.fg_attempts, summary.three_pt_attempts, summary.ft_makes, summary.ft_attempts,
  summary.usage_rate
FROM `nba_analytics.player_game_summary` AS summary
WHERE summary.game_date >= @from_date AND summary.game_date < @before_date AND summary.minutes_played > 0
  AND summary.player_lookup IN UNNEST(@players)
ORDER BY summary.game_date, summary.nba_game_id, summary.player_lookup
