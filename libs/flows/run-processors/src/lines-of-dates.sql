SELECT
  offered.game_date, offered.game_id, offered.nba_game_id, offered.source_event_id, offered.bookmaker, offered.player_lookup, offered.player_name,
  offered.line_key, offered.points_line, offered.over_price_american, offered.under_price_american, offered.snapshot_at,
  offered.minutes_before_tipoff, offered.is_usable
FROM `nba_raw.odds_api_player_points_props` AS offered
WHERE offered.game_date BETWEEN @from_date AND @until_date AND offered.is_usable
ORDER BY offered.snapshot_at, offered.bookmaker, offered.player_lookup, offered.line_key
