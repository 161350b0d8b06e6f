-- For how many players of a date each feature is a constant: a good mean of all features hides none of them here.
CREATE OR REPLACE VIEW `nba_predictions.feature_defaults` AS
SELECT features.game_date AS game_date, defaulted AS feature_name, COUNT(*) AS players_defaulted
FROM `nba_predictions.ml_feature_store_v2` AS features, UNNEST(features.default_feature_names) AS defaulted
WHERE features.game_date >= '2024-07-01'
GROUP BY features.game_date, defaulted;
