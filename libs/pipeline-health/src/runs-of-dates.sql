SELECT events.run_id, events.event_type, events.name, events.phase, events.status, events.started_at, events.occurred_at
FROM `nba_orchestration.pipeline_event_log` AS events
WHERE events.occurred_at >= @since
