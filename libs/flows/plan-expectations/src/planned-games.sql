-- What the ledger says of each game of the season's dates: whether it expects anything, and whether it was planned as postponed.
SELECT
  ledger.game_date AS game_date, ledger.scope AS scope,
  COUNTIF(ledger.state <> 'EMPTY_OK') AS expecting, COUNTIF(ledger.reason = 'game-postponed') AS postponed
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date BETWEEN @season_start AND @until_date AND ledger.scope <> 'slate'
GROUP BY ledger.game_date, ledger.scope
