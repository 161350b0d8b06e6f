import { isConsequence, platformParts } from '@handoff/catalogue';
import type { Incident, Raised } from './incident.ts';

/** How closely an open incident explains an alert: 0 not at all. */
function closeness(cause: Incident, raised: Raised): number {
  const text = `${raised.subject} ${JSON.stringify(raised.facts)}`;
  if (detailsOf(cause).some((detail) => text.includes(detail))) return 3;
  if (datesOf(cause.subject).some((date) => text.includes(date))) return 2;
  return platformParts.some((part) => part === cause.subject) ? 1 : 0;
}

/** What an incident is about, where that is a thing of its own: a table, a topic, a function, a source. */
function detailsOf({ subject }: Incident): readonly string[] {
  if (platformParts.some((part) => part === subject)) return [];
  const word = subject.split(' ').at(-1) ?? subject;
  return word.length < 4 || datesOf(word).length > 0 ? [] : [word];
}

const datesOf = (text: string): readonly string[] => text.match(/\d{4}-\d{2}-\d{2}/g) ?? [];

/**
 * The open incident that an alert follows from: only for an alert that says what is held up, and only by what was open before it.
 * The closest one: which names the same table, topic, function or source; the same game date; or is about a whole part of the
 * platform, on which everything depends. Of several the oldest.
 */
export function explanationOf(raised: Raised, open: readonly Incident[]): Incident | undefined {
  if (!isConsequence(raised.cause)) return undefined;
  const causes = open.filter((incident) => !isConsequence(incident.cause) && incident.openedAt <= raised.at && incident.explainedBy === null);
  const near = causes.map((incident) => ({ incident, closeness: closeness(incident, raised) })).filter((one) => one.closeness > 0);
  return near.sort((left, right) => right.closeness - left.closeness || left.incident.openedAt - right.incident.openedAt)[0]?.incident;
}
