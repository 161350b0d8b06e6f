-- The good answers of some scrapers since a moment.
SELECT runs.scraper_name, runs.game_date, runs.triggered_at, runs.data_summary
FROM `nba_orchestration.scraper_execution_log` AS runs
WHERE runs.triggered_at >= @since AND runs.scraper_name IN UNNEST(@scrapers) AND runs.status <> 'failed'
ORDER BY runs.triggered_at, runs.execution_id
