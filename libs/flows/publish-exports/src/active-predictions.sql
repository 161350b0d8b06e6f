SELECT
  predicted.nba_game_id, predicted.player_lookup, predicted.player_full_name, predicted.team_abbr, predicted.opponent_team_abbr,
  predicted.system_id, predicted.predicted_points, predicted.confidence_score, predicted.recommendation, predicted.line_source,
  predicted.line_source_api, predicted.sportsbook, predicted.current_points_line
FROM `nba_predictions.player_prop_predictions` AS predicted
WHERE predicted.game_date = @game_date AND predicted.is_active
ORDER BY predicted.nba_game_id, predicted.team_abbr, predicted.player_lookup, predicted.system_id
