SELECT
  predicted.game_date, predicted.game_id, predicted.nba_game_id, predicted.player_lookup, predicted.player_full_name, predicted.system_id,
  predicted.line_key, predicted.team_abbr, predicted.opponent_team_abbr, predicted.predicted_points, predicted.confidence_score,
  predicted.recommendation, predicted.has_prop_line, predicted.line_source, predicted.line_source_api, predicted.sportsbook,
  predicted.current_points_line, predicted.line_margin, predicted.feature_quality_score, predicted.is_active, predicted.superseded_by,
  predicted.invalidation_reason, predicted.factors, predicted.predicted_at
FROM `nba_predictions.player_prop_predictions` AS predicted
WHERE predicted.game_date = @game_date
ORDER BY predicted.nba_game_id, predicted.player_lookup, predicted.system_id, predicted.line_key
