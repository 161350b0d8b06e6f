SELECT
  COUNT(*) AS players, AVG(cache.l5_completeness_pct) AS l5, AVG(cache.l10_completeness_pct) AS l10, AVG(cache.l7d_completeness_pct) AS l7d,
  AVG(cache.l14d_completeness_pct) AS l14d, AVG(cache.l30d_completeness_pct) AS l30d
FROM `nba_precompute.player_daily_cache` AS cache
WHERE cache.cache_date = @game_date
