SELECT
  cache.cache_date AS game_date,
  COUNT(*) AS players,
  AVG(cache.l5_completeness_pct) AS l5_completeness_pct,
  AVG(cache.l10_completeness_pct) AS l10_completeness_pct,
  AVG(cache.l7d_completeness_pct) AS l7d_completeness_pct,
  AVG(cache.l14d_completeness_pct) AS l14d_completeness_pct,
  AVG(cache.l30d_completeness_pct) AS l30d_completeness_pct,
  COUNTIF(cache.all_windows_complete) AS players_complete
FROM `nba_precompute.player_daily_cache` AS cache
WHERE cache.cache_date >= '2024-07-01'
GROUP BY cache.cache_date
