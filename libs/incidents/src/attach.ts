import { rankOf, worseOf } from '@handoff/catalogue';
import { explains, leftBehind } from './end.ts';
import { archived, incidentId, isOpen, type Incident, type Raised } from './incident.ts';
import { withNotice } from './notices.ts';

/** Subjects, and consequences, that an incident names: a document has to stay small, and a notice readable. */
const namedMax = 100;

/** What an alert makes of the incident of its signature, and of the one that explains it. */
export interface Attached {
  readonly incident: Incident;
  /** The incident of the same signature that was over before, as it is archived. */
  readonly ended: Incident | undefined;
  /** The one that it follows from, where that has changed. */
  readonly explaining: Incident | undefined;
}

/**
 * Takes an alert in. The signature's open incident has it attached; else one is opened, which is told by itself, or, where
 * another explains it, with that one: a consequence whose like was not heard of yet, or which is louder, is a notice of its cause.
 */
export function attach(known: Incident | undefined, explaining: Incident | undefined, raised: Raised): Attached {
  const cause = explaining?.id === incidentId(raised.cause, raised.subject) ? undefined : explaining;
  const ended = known === undefined ? undefined : archived(known);
  if (!isOpen(known)) {
    const opened = open(raised, known);
    if (!explains(cause, opened, raised.at)) return { incident: withNotice(opened, 'opened', raised.at), ended, explaining: undefined };
    return { incident: { ...opened, explainedBy: cause.id }, ended, explaining: followedBy(cause, raised) };
  }
  const more = repeated(known, raised);
  if (known.explainedBy === null) return { incident: rankOf(more.severity) > rankOf(known.severity) ? withNotice(more, 'worsened', raised.at) : more, ended: undefined, explaining: undefined };
  if (!explains(cause, more, raised.at)) return { incident: leftBehind(more, cause, raised.at), ended: undefined, explaining: undefined };
  return { incident: more, ended: undefined, explaining: changed(cause, followedBy(cause, raised)) };
}

const changed = (before: Incident, now: Incident): Incident | undefined => (before === now ? undefined : now);

function open({ cause, subject, severity, title, facts, at }: Raised, before: Incident | undefined): Incident {
  return {
    id: incidentId(cause, subject), cause, subject, severity, title, facts,
    openedAt: at, lastSeenAt: at, resolvedAt: null, ending: null, count: 1, subjects: [subject], unnamed: 0,
    explainedBy: null, consequences: [], escalations: 0,
    toldSeverity: null, toldAt: before?.toldAt ?? [], untold: null, tellFrom: null,
    ...(before?.takenOver === undefined ? {} : { takenOver: before.takenOver }),
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
