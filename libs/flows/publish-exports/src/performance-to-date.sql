SELECT
  performance.system_id, SUM(performance.graded_count) AS graded, SUM(performance.correct_count) AS correct,
  SUM(performance.incorrect_count) AS incorrect, SUM(performance.voided_count) AS voided,
  ROUND(SAFE_DIVIDE(SUM(performance.mae * performance.graded_count), SUM(performance.graded_count)), 4) AS mae,
  ROUND(SAFE_DIVIDE(SUM(performance.correct_count), SUM(performance.correct_count + performance.incorrect_count)), 4) AS win_rate,
  COUNT(*) AS dates
FROM `nba_predictions.system_daily_performance` AS performance
WHERE performance.game_date BETWEEN @season_start AND @game_date
GROUP BY performance.system_id
ORDER BY performance.system_id
