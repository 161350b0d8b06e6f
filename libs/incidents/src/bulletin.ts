import type { Severity } from '@handoff/catalogue';
import { milliseconds, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import type { Notice } from './notice.ts';

/** Something that people read and that is no incident: nothing opens or ends with it. */
export interface Bulletin {
  /** The same for all bulletins of a kind: a channel that keeps a thread knows it by this. */
  readonly name: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly headline: string;
  /** What kind of message it is. */
  readonly meaning: string;
  readonly facts: ErrorFacts;
  /** A page below the root of the repository. */
  readonly page: string;
  readonly command: string;
  readonly at: EpochMs;
}

/** A bulletin as channels take it. */
export const noticeOfBulletin = ({ name, subject, severity, headline, meaning, facts, page, command, at }: Bulletin): Notice => ({
  kind: 'bulletin', incidentId: name, cause: name, subject, severity, headline, meaning, facts, openedAt: at, at, age: milliseconds(0), count: 1, others: [], consequences: [], runbook: page, command,
});
