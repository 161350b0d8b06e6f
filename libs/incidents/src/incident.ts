import type { Severity } from '@handoff/catalogue';
import { hashOf, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import { familyOf } from './subject-family.ts';

/** Something that was alerted about, as it came. */
export interface Raised {
  readonly cause: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly title: string;
  readonly facts: ErrorFacts;
  readonly at: EpochMs;
}

/**
 * Why people are told.
 *
 * | kind | when |
 * |---|---|
 * | opened | at the first alert |
 * | worsened | an alert, its own or that of a consequence, is louder than what people were told |
 * | consequence | something follows from it that did not before |
 * | escalated | it has reached an age of the catalogue and is still open |
 * | resolved | it is over |
 */
export type NoticeKind = 'opened' | 'worsened' | 'consequence' | 'escalated' | 'resolved' | 'bulletin';

/** A notice that is to be sent, from an instant on. */
export interface Untold {
  readonly kind: NoticeKind;
  readonly from: EpochMs;
}

/** One cause and family of subjects, from its first alert to its end. */
export interface Incident {
  readonly id: string;
  readonly cause: string;
  /** What the first alert was about; others of its family may have followed. */
  readonly subject: string;
  readonly severity: Severity;
  readonly title: string;
  /** Of the newest alert. */
  readonly facts: ErrorFacts;
  readonly openedAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly resolvedAt: EpochMs | null;
  /** `resolved`: somebody looked and saw that it is over. `not-seen-again`: nobody has said so. */
  readonly ending: 'resolved' | 'not-seen-again' | null;
  /** How many alerts were attached to it. */
  readonly count: number;
  /** What it still concerns, by name as far as there is room. */
  readonly subjects: readonly string[];
  /** Alerts about subjects that there was no room for: it cannot be known when the last of them is over. */
  readonly unnamed: number;
  /** The incident that this one follows from; it is told with that one. */
  readonly explainedBy: string | null;
  /** What follows from this one: causes with their subjects. */
  readonly consequences: readonly string[];
  /** How many of the catalogue's ages it was told at. */
  readonly escalations: number;
  /** The loudest that people were told. */
  readonly toldSeverity: Severity | null;
  /** Notices of the last hour, those of the signature's incident before included. */
  readonly toldAt: readonly EpochMs[];
  readonly untold: Untold | null;
  /** From `untold`; null where there is nothing to tell, so that what is due is found. */
  readonly tellFrom: EpochMs | null;
  /** Names of what was noted elsewhere and is in it: the last of them. Absent where nothing was. */
  readonly takenOver?: readonly string[];
}

/** What makes two alerts one incident: the cause, and the family of the subject. */
export const signatureOf = (cause: string, subject: string): string => `${cause}|${familyOf(subject)}`;

/** The name of a signature's open incident. */
export const incidentId = (cause: string, subject: string): string => hashOf(signatureOf(cause, subject)).slice(0, 32);

/** Where an incident that is over is kept. */
export const archiveId = ({ id, openedAt }: Incident): string => `${id}|${openedAt}`;

/** An incident as it is kept when its signature has a newer one: what was still to be told of it is told with that. */
export const archived = (incident: Incident): Incident => (incident.untold === null && incident.tellFrom === null ? incident : { ...incident, untold: null, tellFrom: null });

export const isOpen = (incident: Incident | undefined): incident is Incident => incident !== undefined && incident.resolvedAt === null;
