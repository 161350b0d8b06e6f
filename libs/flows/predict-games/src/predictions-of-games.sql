SELECT
  standing.game_date, standing.game_id, standing.nba_game_id, standing.player_lookup, standing.player_full_name, standing.system_id,
  standing.line_key, standing.team_abbr, standing.opponent_team_abbr, standing.predicted_points, standing.confidence_score,
  standing.recommendation, standing.has_prop_line, standing.line_source, standing.line_source_api, standing.sportsbook,
  standing.current_points_line, standing.line_margin, standing.feature_quality_score, standing.is_active, standing.superseded_by,
  standing.invalidation_reason, standing.factors, standing.predicted_at
FROM `nba_predictions.player_prop_predictions` AS standing
WHERE standing.game_date = @game_date AND standing.nba_game_id IN UNNEST(@games)
ORDER BY standing.player_lookup, standing.system_id, standing.line_key
