SELECT cards.game_date, cards.games_expected, cards.games_postponed, cards.games_with_box_score, cards.box_score_coverage_pct, cards.analytics_coverage_pct,
  cards.features_coverage_pct, cards.predictions_coverage_pct, cards.grading_coverage_pct, cards.feature_quality_avg, cards.players_predicted,
  cards.predictions_count, cards.graded_count, cards.voided_count, cards.phases_succeeded, cards.phases_failed, cards.score, cards.status, cards.is_final, cards.observed_at
FROM `nba_orchestration.daily_scorecard` AS cards
WHERE cards.game_date BETWEEN @from_date AND @until_date
ORDER BY cards.game_date DESC
