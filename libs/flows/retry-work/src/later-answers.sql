-- When each scraper was last asked about a date and gave a good answer.
SELECT runs.scraper_name, runs.game_date, MAX(runs.triggered_at) AS asked_at
FROM `nba_orchestration.scraper_execution_log` AS runs
WHERE runs.triggered_at >= @since AND runs.scraper_name IN UNNEST(@scrapers) AND runs.status <> 'failed'
GROUP BY runs.scraper_name, runs.game_date
ORDER BY runs.scraper_name, runs.game_date
