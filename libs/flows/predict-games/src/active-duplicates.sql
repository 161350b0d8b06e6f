SELECT predicted.nba_game_id, predicted.player_lookup, predicted.system_id, COUNT(*) AS active_rows, COUNT(DISTINCT predicted.line_key) AS lines
FROM `nba_predictions.player_prop_predictions` AS predicted
WHERE predicted.game_date = @game_date AND predicted.nba_game_id IN UNNEST(@games) AND predicted.is_active
GROUP BY predicted.nba_game_id, predicted.player_lookup, predicted.system_id
HAVING COUNT(*) > 1
ORDER BY predicted.nba_game_id, predicted.player_lookup, predicted.system_id
