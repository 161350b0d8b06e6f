SELECT runs.execution_id, runs.scraper_name, runs.game_date, runs.status, runs.triggered_at, runs.completed_at, runs.data_summary
FROM `nba_orchestration.scraper_execution_log` AS runs
WHERE runs.triggered_at >= @since AND runs.game_date IN UNNEST(@dates) AND runs.scraper_name IN UNNEST(@scrapers)
ORDER BY runs.triggered_at, runs.execution_id
