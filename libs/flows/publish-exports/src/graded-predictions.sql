SELECT
  graded.nba_game_id, graded.player_lookup, graded.team_abbr, graded.system_id, graded.predicted_points, graded.actual_points,
  graded.absolute_error, graded.points_line, graded.recommendation, graded.prediction_correct, graded.counts_in_win_rate, graded.is_voided,
  graded.void_reason
FROM `nba_predictions.prediction_accuracy` AS graded
WHERE graded.game_date = @game_date
ORDER BY graded.nba_game_id, graded.player_lookup, graded.system_id
