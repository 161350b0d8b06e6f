import { commandOf, meaningOf, type Severity } from '@handoff/catalogue';
import { elapsed, type DurationMs, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import type { Incident, NoticeKind } from './incident.ts';

/** What people are told, whatever the channel. */
export interface Notice {
  readonly kind: NoticeKind;
  /** The same for all notices about one signature: a channel that keeps a thread, or an incident of its own, knows it by this. */
  readonly incidentId: string;
  readonly cause: string;
  readonly subject: string;
  readonly severity: Severity;
  /** One line: what is wrong, or over. */
  readonly headline: string;
  /** What the cause means, as the runbook begins. */
  readonly meaning: string;
  readonly facts: ErrorFacts;
  readonly openedAt: EpochMs;
  readonly at: EpochMs;
  readonly age: DurationMs;
  readonly count: number;
  /** What it concerns besides the subject. */
  readonly others: readonly string[];
  readonly consequences: readonly string[];
  /** Below the root of the repository. */
  readonly runbook: string;
  /** What to run first. */
  readonly command: string | undefined;
}

/** What is told of an incident at a moment. */
export function noticeOf(incident: Incident, kind: NoticeKind, at: EpochMs): Notice {
  const { id, cause, subject, severity, toldSeverity, facts, openedAt, count, subjects, consequences } = incident;
  return {
    kind, incidentId: id, cause, subject, facts, openedAt, at, count, consequences,
    severity: kind === 'resolved' ? (toldSeverity ?? severity) : severity,
    headline: headlineOf(incident, kind),
    meaning: meaningOf(cause),
    age: elapsed(openedAt, at),
    others: subjects.filter((other) => other !== subject),
    runbook: `docs/runbooks/${cause}.md`,
    command: commandOf(cause),
  };
}

function headlineOf({ title, cause, subject, consequences, resolvedAt, ending }: Incident, kind: NoticeKind): string {
  switch (kind) {
    case 'opened':
    case 'bulletin':
      return title;
    case 'worsened':
      return `worse: ${title}`;
    case 'consequence':
      return `${title}${resolvedAt === null ? '' : ' (over)'}; follows from it: ${consequences.at(-1) ?? 'nothing'}`;
    case 'escalated':
      return `still open: ${title}`;
    case 'resolved':
      return ending === 'not-seen-again' ? `not seen again: ${cause}, ${subject}` : `over: ${cause}, ${subject}`;
  }
}
