-- Natural key: game_date, output, scope, flow.
CREATE TABLE IF NOT EXISTS `nba_orchestration.expected_outputs` (
  game_date DATE NOT NULL,
  output STRING NOT NULL,
  scope STRING NOT NULL,
  phase STRING NOT NULL,
  flow STRING NOT NULL,
  recovery_class STRING NOT NULL,
  state STRING NOT NULL,
  reason STRING NOT NULL,
  cause STRING,
  expected_by TIMESTAMP NOT NULL,
  row_count INT64 NOT NULL,
  planned_at TIMESTAMP NOT NULL,
  observed_at TIMESTAMP
)
PARTITION BY game_date
CLUSTER BY output, state
OPTIONS (description = 'The ledger: what should exist, by when, and what was seen.');
