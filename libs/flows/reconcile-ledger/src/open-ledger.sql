-- What the ledger has open: everything that is not settled, of any date of any season.
SELECT
  ledger.game_date, ledger.output, ledger.scope, ledger.phase, ledger.flow, ledger.recovery_class, ledger.state, ledger.reason,
  ledger.expected_by, ledger.row_count, ledger.planned_at, ledger.observed_at
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.state IN ('EXPECTED', 'RUNNING', 'FAILED', 'DEGRADED') OR (ledger.state = 'EMPTY_OK' AND ledger.reason IN UNNEST(@observed_reasons) AND ledger.game_date >= @recent)
ORDER BY ledger.game_date, ledger.output, ledger.scope
