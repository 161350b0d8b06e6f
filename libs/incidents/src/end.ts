import { aftermathOf, isConsequence, quietSpanOf, rankOf } from '@handoff/catalogue';
import { after, elapsed, type EpochMs } from '@handoff/contracts';
import { isOpen, type Incident } from './incident.ts';
import { withNotice } from './notices.ts';

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

/** People hear of the end of what they have heard of. */
function end(incident: Incident, ending: 'resolved' | 'not-seen-again', at: EpochMs): Incident {
  const ended: Incident = { ...incident, resolvedAt: at, ending };
  return ended.toldSeverity === null && ended.untold === null ? ended : withNotice(ended, 'resolved', at);
}

/** How long what follows from an incident may outlast its end: as long as it has lasted, within the catalogue's bounds. */
export const aftermathEndsAt = ({ openedAt }: Incident, resolvedAt: EpochMs): EpochMs => after(resolvedAt, aftermathOf(elapsed(openedAt, resolvedAt)));

/**
 * True where an incident is told with another one: while that is open; and what is held up while it is made up for, where
 * people have heard as much of the cause as there is to hear. A refusal is none that is made up for: it is there or not.
 */
export function explains(cause: Incident | undefined, { cause: code, severity }: Incident, now: EpochMs): cause is Incident {
  if (cause?.resolvedAt === undefined || cause.resolvedAt === null) return cause !== undefined;
  return isConsequence(code) && now < aftermathEndsAt(cause, cause.resolvedAt) && rankOf(severity) <= rankOf(cause.severity);
}

/** An incident that the one which it was told with explains no more is told by itself, whether or not anybody alerts again. The same value where nothing has changed. */
export function leftBehind(incident: Incident, cause: Incident | undefined, now: EpochMs): Incident {
  if (!isOpen(incident) || incident.explainedBy === null || explains(cause, incident, now)) return incident;
  return withNotice({ ...incident, explainedBy: null }, 'opened', now);
}
