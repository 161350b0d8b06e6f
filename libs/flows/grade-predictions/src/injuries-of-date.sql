SELECT injuries.report_date, injuries.player_lookup, injuries.player_full_name, injuries.injury_status, injuries.description
FROM `nba_raw.bdl_injuries` AS injuries
WHERE injuries.report_date BETWEEN @day_before AND @game_date
