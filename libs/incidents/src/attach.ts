import { aftermath, quietSpanOf, rankOf, worseOf } from '@handoff/catalogue';
import { after, type EpochMs } from '@handoff/contracts';
import { incidentId, isOpen, type Incident, type Raised } from './incident.ts';
import { withNotice } from './notices.ts';

/** Subjects, and consequences, that an incident names: a document has to stay small, and a notice readable. */
const namedMax = 100;

/** What an alert makes of the incident of its signature, and of the one that explains it. */
export interface Attached {
  readonly incident: Incident;
  /** The incident of the same signature that was over before. */
  readonly ended: Incident | undefined;
  /** The one that it follows from, where that has changed. */
  readonly explaining: Incident | undefined;
}

/**
 * Takes an alert in. The signature's open incident has it attached; else one is opened, which is told by itself, or, where an
 * open one explains it, with that one: a consequence whose like was not heard of yet, or which is louder, is a notice of its cause.
 */
export function attach(known: Incident | undefined, explaining: Incident | undefined, raised: Raised): Attached {
  const cause = isOpen(explaining) && explaining.id !== incidentId(raised.cause, raised.subject) ? explaining : undefined;
  if (!isOpen(known)) {
    const opened = open(raised, { before: known, cause });
    return { incident: cause === undefined ? withNotice(opened, 'opened', raised.at) : opened, ended: known, explaining: cause === undefined ? undefined : followedBy(cause, raised) };
  }
  const more = repeated(known, raised);
  const isExplained = known.explainedBy !== null && cause?.id === known.explainedBy;
  if (isExplained) return { incident: more, ended: undefined, explaining: changed(cause, followedBy(cause, raised)) };
  // What it followed from is over, and it may not have noticed yet.
  if (known.explainedBy !== null && isJustOver(explaining, raised.at)) return { incident: more, ended: undefined, explaining: undefined };
  if (known.explainedBy !== null) return { incident: withNotice({ ...more, explainedBy: null }, 'opened', raised.at), ended: undefined, explaining: undefined };
  return { incident: rankOf(more.severity) > rankOf(known.severity) ? withNotice(more, 'worsened', raised.at) : more, ended: undefined, explaining: undefined };
}

const isJustOver = (explaining: Incident | undefined, now: EpochMs): boolean => explaining !== undefined && explaining.resolvedAt !== null && now < after(explaining.resolvedAt, aftermath);

const changed = (before: Incident, now: Incident): Incident | undefined => (before === now ? undefined : now);

interface Origin {
  readonly before: Incident | undefined;
  readonly cause: Incident | undefined;
}

function open({ cause, subject, severity, title, facts, at }: Raised, origin: Origin): Incident {
  return {
    id: incidentId(cause, subject), cause, subject, severity, title, facts,
    openedAt: at, lastSeenAt: at, resolvedAt: null, ending: null, count: 1, subjects: [subject], unnamed: 0,
    explainedBy: origin.cause?.id ?? null, consequences: [], escalations: 0,
    toldSeverity: null, toldAt: origin.before?.toldAt ?? [], untold: null, tellFrom: null,
  };
}

function repeated(known: Incident, { subject, severity, facts, at }: Raised): Incident {
  const isNamed = known.subjects.includes(subject);
  const hasRoom = known.subjects.length < namedMax;
  return {
    ...known, facts, severity: worseOf(known.severity, severity), count: known.count + 1,
    lastSeenAt: at > known.lastSeenAt ? at : known.lastSeenAt,
    subjects: isNamed || !hasRoom ? known.subjects : [...known.subjects, subject],
    unnamed: known.unnamed + (isNamed || hasRoom ? 0 : 1),
  };
}

const causeOf = (consequence: string): string => consequence.split(' ')[0] ?? consequence;

/** A cause after something that follows from it: the same value where that is no news. */
function followedBy(cause: Incident, { cause: code, subject, severity, at }: Raised): Incident {
  const name = `${code} ${subject}`;
  const isKnown = cause.consequences.includes(name);
  const isLouder = rankOf(severity) > rankOf(cause.severity);
  if (isKnown && !isLouder) return cause;
  const isFirst = !cause.consequences.some((known) => causeOf(known) === code);
  const named = { ...cause, severity: worseOf(cause.severity, severity), consequences: isKnown || cause.consequences.length >= namedMax ? cause.consequences : [...cause.consequences, name] };
  if (isLouder) return withNotice(named, 'worsened', at);
  return isFirst ? withNotice(named, 'consequence', at) : named;
}

/** One subject of an incident is right again; the last of them ends it. The same value where it is not one of its. */
export function resolve(incident: Incident, subject: string, at: EpochMs): Incident {
  if (!isOpen(incident) || !incident.subjects.includes(subject)) return incident;
  const subjects = incident.subjects.filter((other) => other !== subject);
  if (subjects.length > 0 || incident.unnamed > 0) return { ...incident, subjects };
  return end(incident, 'resolved', at);
}

/** Ends what has not been seen for as long as the catalogue says of its cause. The same value where nothing has changed. */
export function quieted(incident: Incident, now: EpochMs): Incident {
  if (!isOpen(incident) || after(incident.lastSeenAt, quietSpanOf(incident.cause)) > now) return incident;
  return end(incident, 'not-seen-again', now);
}

/** When nothing must have been heard of an incident for it to be over. */
export const quietAt = ({ lastSeenAt, cause }: Incident): EpochMs => after(lastSeenAt, quietSpanOf(cause));

/** People hear of the end of what they have heard of. */
function end(incident: Incident, ending: 'resolved' | 'not-seen-again', at: EpochMs): Incident {
  const ended: Incident = { ...incident, resolvedAt: at, ending };
  return ended.toldSeverity === null && ended.untold === null ? ended : withNotice(ended, 'resolved', at);
}
