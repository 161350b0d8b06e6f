SELECT features.nba_game_id, features.player_lookup, features.feature_quality_score, features.processed_at
FROM `nba_predictions.ml_feature_store_v2` AS features
WHERE features.game_date = @game_date
