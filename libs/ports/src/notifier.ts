import type { AlertChannelName, Severity } from '@handoff/catalogue';
import type { EpochMs, ErrorFacts } from '@handoff/contracts';
import type { Bulletin, Notice } from '@handoff/incidents';

export type { Bulletin, Notice, Severity };

/** An alert about a cause. `cause` is an alert code of the catalogue and names the runbook. */
export interface Alert {
  readonly cause: string;
  /** What the cause concerns, so that two faults of one kind are two incidents: a table, a source, a date. Ids in it do not count. */
  readonly subject: string;
  readonly severity: Severity;
  readonly title: string;
  readonly facts: ErrorFacts;
  readonly at: EpochMs;
}

/** An incident that is open: what of it is not right again, when somebody last saw that, and what they saw. */
export interface StandingIncident {
  readonly cause: string;
  readonly subjects: readonly string[];
  readonly lastSeenAt: EpochMs;
  /** Of the last alert. */
  readonly facts: ErrorFacts;
}

/** What a look at the open incidents has come to. */
export interface IncidentReview {
  /** Open after the look. While the state store is away those that were noted since. */
  readonly standing: readonly StandingIncident[];
  readonly escalated: number;
  /** Over without anybody having said so. */
  readonly ended: number;
  /** Told now: what was due, or what no channel had taken. */
  readonly told: number;
}

/**
 * Tells people. One incident per cause and family of subjects (docs/monitoring.md): repetitions are attached to the open
 * incident and counted. A failing channel never breaks the caller: it falls over to the next and is itself reported.
 */
export interface Notifier {
  alert(alert: Alert): Promise<void>;
  /** One subject of a cause is right again. The last of an incident closes it, with a notice; nothing happens when none is open. */
  resolve(cause: string, subject: string, at: EpochMs): Promise<void>;
  /** Escalates what is old, ends what is quiet, sends what nobody has taken. Repeating it changes nothing. */
  review(at: EpochMs): Promise<IncidentReview>;
  /** Tells something that is no incident, by the first channel or by one that stands in for it; nobody is woken. False where no channel took it. */
  post(bulletin: Bulletin): Promise<boolean>;
}

/**
 * A way to people.
 *
 * Errors are PipelineErrors: `channel-unavailable` (retry) where trying again may help, `channel-refused` (defer) where the
 * channel will not take anything of ours.
 */
export interface NoticeChannel {
  readonly name: AlertChannelName;
  /** Delivered when it returns, as far as the channel can know. A notice may come twice. */
  send(notice: Notice): Promise<void>;
}
