SELECT decided.decision_time, decided.workflow_name, decided.action
FROM `nba_orchestration.workflow_decisions` AS decided
WHERE decided.decision_time >= @since
