SELECT
  ledger.game_date, ledger.output, ledger.scope, ledger.phase, ledger.flow, ledger.recovery_class, ledger.state, ledger.reason, ledger.cause,
  ledger.expected_by, ledger.row_count, ledger.planned_at, ledger.observed_at
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date BETWEEN @from_date AND @until_date
ORDER BY ledger.game_date, ledger.output, ledger.scope
