SELECT graded.nba_game_id, graded.player_lookup, graded.system_id, graded.is_voided, graded.processed_at
FROM `nba_predictions.prediction_accuracy` AS graded
WHERE graded.game_date = @game_date
