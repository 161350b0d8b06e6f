-- The mean quality of some days' features, and for how many vectors each feature was a constant.
SELECT 'all' AS feature_name, COUNT(*) AS vectors, AVG(features.feature_quality_score) AS quality
FROM `nba_predictions.ml_feature_store_v2` AS features
WHERE features.game_date >= @from_date AND features.game_date < @before_date
UNION ALL
SELECT defaulted AS feature_name, COUNT(*) AS vectors, NULL AS quality
FROM `nba_predictions.ml_feature_store_v2` AS features, UNNEST(features.default_feature_names) AS defaulted
WHERE features.game_date >= @from_date AND features.game_date < @before_date
GROUP BY defaulted
