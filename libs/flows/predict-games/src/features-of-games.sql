SELECT
  vectors.game_date, vectors.game_id, vectors.nba_game_id, vectors.player_lookup, vectors.team_abbr, vectors.opponent_team_abbr,
  vectors.feature_version, vectors.feature_count, vectors.feature_names, vectors.features, vectors.feature_origins, vectors.feature_quality_score,
  vectors.default_feature_count, vectors.default_feature_names, vectors.quality_tier, vectors.data_source, vectors.is_production_ready
FROM `nba_predictions.ml_feature_store_v2` AS vectors
WHERE vectors.game_date = @game_date AND vectors.nba_game_id IN UNNEST(@games)
