-- What the ledger has open, of any date of any season, and the last days settled or not: what flags are compared with.
SELECT
  ledger.game_date, ledger.output, ledger.scope, ledger.phase, ledger.flow, ledger.recovery_class, ledger.state, ledger.reason, ledger.cause,
  ledger.expected_by, ledger.row_count, ledger.planned_at, ledger.observed_at
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.state IN ('EXPECTED', 'FAILED', 'DEGRADED') OR ledger.game_date >= @recent
ORDER BY ledger.game_date, ledger.output, ledger.scope
