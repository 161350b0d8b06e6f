-- Game dates of the season that have been played and of which the ledger has nothing.
SELECT DISTINCT schedule.game_date AS game_date
FROM `nba_raw.nbac_schedule` AS schedule
LEFT JOIN `nba_orchestration.expected_outputs` AS ledger
  ON ledger.game_date = schedule.game_date AND ledger.game_date BETWEEN @season_start AND @until_date
WHERE schedule.game_date BETWEEN @season_start AND @until_date AND NOT schedule.is_postponed AND ledger.game_date IS NULL
ORDER BY schedule.game_date
