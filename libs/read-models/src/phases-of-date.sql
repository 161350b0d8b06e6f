SELECT phases.phase, phases.flow, phases.status, phases.expected, phases.complete, phases.degraded, phases.failed, phases.missed
FROM `nba_orchestration.daily_phase_status_log` AS phases
WHERE phases.game_date = @game_date
ORDER BY phases.phase, phases.flow
