SELECT
  attempts.processor_name AS processor_name,
  attempts.entity_id AS entity_id,
  attempts.analysis_date AS analysis_date,
  attempts.attempt_number AS attempt_number,
  attempts.attempted_at AS attempted_at,
  attempts.completeness_pct AS completeness_pct,
  attempts.skip_reason AS skip_reason,
  attempts.circuit_breaker_tripped AS circuit_breaker_tripped,
  attempts.circuit_breaker_until AS circuit_breaker_until,
  attempts.manual_override_applied AS manual_override_applied,
  attempts.notes AS notes,
  attempts.created_at AS created_at
FROM `nba_orchestration.reprocess_attempt_log` AS attempts
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY attempts.processor_name, attempts.entity_id, attempts.analysis_date, attempts.attempt_number
  ORDER BY attempts.created_at DESC, attempts.event_id
) = 1
