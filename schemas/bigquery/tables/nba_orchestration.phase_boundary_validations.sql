-- Natural key: game_date, boundary.
CREATE TABLE IF NOT EXISTS `nba_orchestration.phase_boundary_validations` (
  game_date DATE NOT NULL,
  boundary STRING NOT NULL,
  from_output STRING NOT NULL,
  to_output STRING NOT NULL,
  counts STRING NOT NULL,
  expected_count INT64 NOT NULL,
  present_count INT64 NOT NULL,
  not_due_count INT64 NOT NULL,
  coverage_pct FLOAT64,
  severity STRING NOT NULL,
  game_ratio FLOAT64,
  quality FLOAT64,
  verdict STRING NOT NULL,
  missing_games ARRAY<STRING>,
  observed_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY boundary, severity
OPTIONS (description = 'What the daily reconciliation found at each boundary of a date.');
