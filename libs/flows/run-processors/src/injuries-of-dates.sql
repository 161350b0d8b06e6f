SELECT injuries.report_date, injuries.player_lookup, injuries.player_full_name, injuries.injury_status, injuries.description
FROM `nba_raw.bdl_injuries` AS injuries
WHERE injuries.report_date BETWEEN @from_date AND @until_date
ORDER BY injuries.report_date, injuries.player_lookup
