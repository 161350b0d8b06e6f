SELECT runs.execution_id, runs.workflow, runs.scraper_name, runs.game_date, runs.status, runs.triggered_at
FROM `nba_orchestration.scraper_execution_log` AS runs
WHERE runs.triggered_at >= @since
ORDER BY runs.triggered_at, runs.execution_id
