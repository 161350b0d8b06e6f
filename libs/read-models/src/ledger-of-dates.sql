-- Every row of the ledger of some game dates: what is missing there, and what it waits for.
SELECT
  ledger.game_date, ledger.output, ledger.scope, ledger.phase, ledger.flow, ledger.recovery_class, ledger.state, ledger.reason, ledger.cause,
  ledger.expected_by, ledger.row_count, ledger.planned_at, ledger.observed_at
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date IN UNNEST(@dates)
ORDER BY ledger.game_date, ledger.output, ledger.scope
