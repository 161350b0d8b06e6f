-- Games that have a box score from any source.
SELECT primary_scores.nba_game_id FROM `nba_raw.bdl_player_boxscores` AS primary_scores
WHERE primary_scores.game_date BETWEEN @from_date AND @until_date
UNION DISTINCT
SELECT alternative_scores.nba_game_id FROM `nba_raw.nbac_player_boxscores` AS alternative_scores
WHERE alternative_scores.game_date BETWEEN @from_date AND @until_date
UNION DISTINCT
SELECT last_scores.nba_game_id FROM `nba_raw.espn_boxscores` AS last_scores
WHERE last_scores.game_date BETWEEN @from_date AND @until_date
