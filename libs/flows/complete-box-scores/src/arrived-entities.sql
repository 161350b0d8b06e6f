SELECT DISTINCT scores.player_lookup AS player_lookup, scores.team_abbr AS team_abbr
FROM `nba_raw.bdl_player_boxscores` AS scores
WHERE scores.game_date >= @since
