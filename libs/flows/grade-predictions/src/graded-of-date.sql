SELECT
  graded.game_date, graded.game_id, graded.nba_game_id, graded.player_lookup, graded.system_id, graded.line_key, graded.team_abbr,
  graded.predicted_points, graded.actual_points, graded.minutes_played, graded.absolute_error, graded.signed_error, graded.within_3_points,
  graded.within_5_points, graded.points_line, graded.predicted_margin, graded.actual_margin, graded.recommendation, graded.prediction_correct,
  graded.counts_in_win_rate, graded.line_source_api, graded.confidence_score, graded.confidence_decile, graded.is_voided, graded.void_reason,
  graded.data_hash, graded.revision
FROM `nba_predictions.prediction_accuracy` AS graded
WHERE graded.game_date = @game_date
ORDER BY graded.nba_game_id, graded.player_lookup, graded.system_id, graded.line_key
