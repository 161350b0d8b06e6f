-- How each phase of a date stands by the ledger: outputs and scopes expected, complete, degraded, failed, missed.
CREATE OR REPLACE VIEW `nba_orchestration.daily_phase_status_log` AS
SELECT
  counted.game_date AS game_date,
  counted.phase AS phase,
  counted.flow AS flow,
  counted.expected AS expected,
  counted.complete AS complete,
  counted.degraded AS degraded,
  counted.failed AS failed,
  counted.missed AS missed,
  CASE
    WHEN counted.expected = 0 THEN 'empty'
    WHEN counted.complete = counted.expected THEN 'success'
    WHEN counted.failed + counted.missed = counted.expected THEN 'failed'
    WHEN counted.failed + counted.missed > 0 THEN 'partial'
    WHEN counted.complete + counted.degraded = counted.expected THEN 'degraded'
    ELSE 'running'
  END AS status
FROM (
  SELECT
    ledger.game_date, ledger.phase, ledger.flow,
    COUNTIF(ledger.state != 'EMPTY_OK') AS expected,
    COUNTIF(ledger.state = 'COMPLETE') AS complete,
    COUNTIF(ledger.state = 'DEGRADED') AS degraded,
    COUNTIF(ledger.state = 'FAILED') AS failed,
    COUNTIF(ledger.state = 'MISSED') AS missed
  FROM `nba_orchestration.expected_outputs` AS ledger
  GROUP BY ledger.game_date, ledger.phase, ledger.flow
) AS counted;
