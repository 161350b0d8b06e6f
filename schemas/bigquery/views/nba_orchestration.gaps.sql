-- One row per gap and occurrence as it is now, ended ones too: what was missing, what was tried, how it ended.
CREATE OR REPLACE VIEW `nba_orchestration.gaps` AS
SELECT
  changes.gap_id AS gap_id,
  changes.game_date AS game_date,
  changes.output AS output,
  changes.phase AS phase,
  changes.flow AS flow,
  changes.status AS status,
  changes.missing AS missing,
  changes.attempts AS attempts,
  changes.last_attempt AS last_attempt,
  changes.opened_at AS opened_at,
  changes.next_action_at AS next_action_at,
  changes.ended_at AS ended_at,
  changes.resolution AS resolution,
  changes.history AS history,
  changes.updated_at AS updated_at
FROM `nba_orchestration.gap_log` AS changes
QUALIFY ROW_NUMBER() OVER (PARTITION BY changes.gap_id ORDER BY changes.version DESC) = 1;
