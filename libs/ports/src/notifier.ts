import type { EpochMs, ErrorFacts } from '@handoff/contracts';

export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** An alert about a cause. `cause` is an alert code of the catalogue and names the runbook. */
export interface Alert {
  readonly cause: string;
  /** What the cause concerns, so that two faults of one kind are two incidents: a table, a source, a date. */
  readonly subject: string;
  readonly severity: Severity;
  readonly title: string;
  readonly facts: ErrorFacts;
  readonly at: EpochMs;
}

/**
 * Tells people. One incident per cause and subject: repetitions are attached to the open incident and
 * counted. A failing channel never breaks the caller: it falls over to the next and is itself reported.
 */
export interface Notifier {
  alert(alert: Alert): Promise<void>;
  /** Closes the incident of a cause and subject, with a notice; nothing happens when none is open. */
  resolve(cause: string, subject: string, at: EpochMs): Promise<void>;
}
