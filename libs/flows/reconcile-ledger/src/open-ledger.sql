-- The ledger of every date in a range that has something open in it.
SELECT
  ledger.game_date, ledger.output, ledger.scope, ledger.phase, ledger.flow, ledger.recovery_class, ledger.state, ledger.reason,
  ledger.expected_by, ledger.row_count, ledger.planned_at, ledger.observed_at
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date IN (
  SELECT DISTINCT unsettled.game_date FROM `nba_orchestration.expected_outputs` AS unsettled
  WHERE unsettled.state IN ('EXPECTED', 'RUNNING', 'FAILED', 'DEGRADED')
)
ORDER BY ledger.game_date, ledger.output, ledger.scope
