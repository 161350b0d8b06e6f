-- Natural key: game_date.
CREATE TABLE IF NOT EXISTS `nba_orchestration.daily_scorecard` (
  game_date DATE NOT NULL,
  games_expected INT64 NOT NULL,
  games_postponed INT64 NOT NULL,
  games_with_box_score INT64 NOT NULL,
  box_score_coverage_pct FLOAT64,
  analytics_coverage_pct FLOAT64,
  features_coverage_pct FLOAT64,
  predictions_coverage_pct FLOAT64,
  grading_coverage_pct FLOAT64,
  feature_quality_avg FLOAT64,
  players_predicted INT64 NOT NULL,
  predictions_count INT64 NOT NULL,
  graded_count INT64 NOT NULL,
  voided_count INT64 NOT NULL,
  phases_succeeded INT64 NOT NULL,
  phases_failed INT64 NOT NULL,
  score FLOAT64,
  status STRING NOT NULL,
  is_final BOOL NOT NULL,
  observed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY status
OPTIONS (description = 'How one date went: what came through at each boundary, quality, predictions, grades, and a score.');
