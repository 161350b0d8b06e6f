-- This season's games of the players of one game, strictly before its date.
SELECT
  summary.game_date, summary.game_id, summary.nba_game_id, summary.season_year, summary.player_lookup, summary.player_full_name, summary.team_abbr,
  summary.opponent_team_abbr, summary.is_home, summary.win_flag, summary.minutes_played, summary.points, summary.assists, summary.rebounds,
  summary.offensive_rebounds, summary.defensive_rebounds, summary.steals, summary.blocks, summary.turnovers, summary.personal_fouls,
  summary.fg_makes, summary.fg_attempts, summary.three_pt_makes, summary.three_pt_attempts, summary.ft_makes, summary.ft_attempts,
  summary.plus_minus, summary.usage_rate, summary.ts_pct, summary.efg_pct, summary.primary_source_used
FROM `nba_analytics.player_game_summary` AS summary
WHERE summary.game_date >= @season_start AND summary.game_date < @game_date AND summary.player_lookup IN UNNEST(@players)
ORDER BY summary.game_date, summary.nba_game_id
