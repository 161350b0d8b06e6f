SELECT
  arrival.attempt_timestamp, arrival.scraper_name, arrival.workflow, arrival.attempt_number, arrival.was_available, arrival.record_count, arrival.data_status
FROM `nba_orchestration.scraper_data_arrival` AS arrival
WHERE arrival.game_date IN UNNEST(@dates) AND arrival.game_id = @game
ORDER BY arrival.attempt_timestamp, arrival.scraper_name
