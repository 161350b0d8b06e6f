-- The first game date of a season of which more is expected than of a history that was loaded.
SELECT MIN(ledger.game_date) AS lived_since
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date BETWEEN @season_start AND @season_end AND ledger.output NOT IN UNNEST(@of_history)
