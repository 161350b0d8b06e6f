SELECT
  predicted.nba_game_id, predicted.player_lookup, predicted.system_id, predicted.is_active, predicted.invalidation_reason,
  predicted.current_points_line, predicted.predicted_at, predicted.processed_at
FROM `nba_predictions.player_prop_predictions` AS predicted
WHERE predicted.game_date = @game_date
