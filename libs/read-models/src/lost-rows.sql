-- What has lost rows, by the last look of the ledger, and how many there were.
SELECT ledger.game_date, ledger.output, ledger.scope, ledger.row_count
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date BETWEEN @from_date AND @until_date AND ledger.reason = @reason
