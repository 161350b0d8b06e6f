-- Every change of every gap of some game dates, once each: the log has a row at least once.
SELECT told.gap_id, told.version, told.game_date, told.output, told.flow, told.status, told.missing, told.attempts, told.last_attempt, told.opened_at, told.ended_at, told.resolution, told.updated_at
FROM `nba_orchestration.gap_log` AS told
WHERE told.game_date IN UNNEST(@dates)
QUALIFY ROW_NUMBER() OVER (PARTITION BY told.event_id ORDER BY told.updated_at) = 1
ORDER BY told.game_date, told.gap_id, told.version
