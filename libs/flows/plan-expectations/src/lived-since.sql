-- The first game date of a season that was lived through: a history that is loaded is not graded.
SELECT MIN(ledger.game_date) AS lived_since
FROM `nba_orchestration.expected_outputs` AS ledger
WHERE ledger.game_date >= @season_start AND ledger.phase = 'phase6-grade'
