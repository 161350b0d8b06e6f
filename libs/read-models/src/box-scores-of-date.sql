-- Who is listed in the box scores of a date, by source.
SELECT 'nba_raw.bdl_player_boxscores' AS source, scores.nba_game_id, scores.player_lookup, scores.team_abbr, scores.minutes, scores.processed_at
FROM `nba_raw.bdl_player_boxscores` AS scores
WHERE scores.game_date = @game_date
UNION ALL
SELECT 'nba_raw.nbac_player_boxscores' AS source, scores.nba_game_id, scores.player_lookup, scores.team_abbr, scores.minutes, scores.processed_at
FROM `nba_raw.nbac_player_boxscores` AS scores
WHERE scores.game_date = @game_date
