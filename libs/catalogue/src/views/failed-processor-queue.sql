SELECT
  changes.id AS id,
  changes.game_date AS game_date,
  changes.phase AS phase,
  changes.processor_name AS processor_name,
  changes.kind AS kind,
  changes.error_code AS error_code,
  changes.error_message AS error_message,
  changes.error_type AS error_type,
  changes.retry_count AS retry_count,
  changes.max_retries AS max_retries,
  changes.first_failure_at AS first_failure_at,
  changes.last_retry_at AS last_retry_at,
  changes.next_retry_at AS next_retry_at,
  changes.status AS status,
  changes.resolution_notes AS resolution_notes,
  changes.correlation_id AS correlation_id,
  changes.metadata AS metadata,
  changes.created_at AS created_at,
  changes.updated_at AS updated_at
FROM `nba_orchestration.failed_processor_queue_log` AS changes
QUALIFY ROW_NUMBER() OVER (PARTITION BY changes.id ORDER BY changes.version DESC) = 1
