SELECT ledger.game_date, ledger.output, ledger.flow, ledger.state, ledger.reason, ledger.cause, ledger.expected_by
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date IN UNNEST(@dates) AND ledger.scope = @game
ORDER BY ledger.game_date, ledger.output
