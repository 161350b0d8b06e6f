-- How good the feature vectors of a date are, and which of their features are constants.
SELECT features.player_lookup, features.feature_quality_score, features.default_feature_names
FROM `nba_predictions.ml_feature_store_v2` AS features
WHERE features.game_date = @game_date
