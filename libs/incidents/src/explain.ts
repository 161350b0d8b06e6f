import { aftermath, canHoldUp, isConsequence, platformParts, rankOf } from '@handoff/catalogue';
import { after, GameDate } from '@handoff/contracts';
import { addDays, easternTime } from '@handoff/slate';
import { aftermathEndsAt } from './end.ts';
import { isOpen, type Incident, type Raised } from './incident.ts';

/** All that an alert says in words. */
const textOf = ({ subject, facts }: Raised): string => `${subject} ${JSON.stringify(facts)}`;

/** How closely an incident explains what is held up: 0 not at all. */
function closeness(cause: Incident, raised: Raised): number {
  const text = textOf(raised);
  if (detailsOf(cause).some((detail) => text.includes(detail))) return 3;
  if (datesOf(cause.subject).some((date) => text.includes(date))) return 2;
  return isWholePart(cause.subject) ? 1 : 0;
}

const isWholePart = (subject: string): boolean => platformParts.some((part) => part === subject);

/** What an incident is about, where that is a thing of its own: a table, a topic, a function, a source. */
function detailsOf({ subject }: Incident): readonly string[] {
  if (isWholePart(subject)) return [];
  const word = subject.split(' ').at(-1) ?? subject;
  return word.length < 4 || datesOf(word).length > 0 ? [] : [word];
}

/** Game dates; the dates of instants are not among them, nor what only looks like one, as 2026-02-30. */
const datesOf = (text: string): readonly GameDate[] => (text.match(/\d{4}-\d{2}-\d{2}(?!T)/g) ?? []).flatMap((word) => GameDate.safeParse(word).data ?? []);

/**
 * True where an incident can explain what an alert says is held up.
 *
 * | the incident is | it explains |
 * |---|---|
 * | open | what is alerted about after it has opened |
 * | just over | what is alerted about within 75 minutes |
 * | over | for as long as it has lasted, what is held up of the dates whose work fell into it |
 * | over, and was never as loud | nothing |
 */
function isTimely(cause: Incident, raised: Raised): boolean {
  const { openedAt, resolvedAt, ending, severity } = cause;
  if (openedAt > raised.at) return false;
  if (resolvedAt === null) return true;
  if (ending !== 'resolved' || rankOf(raised.severity) > rankOf(severity)) return false;
  return raised.at < after(resolvedAt, aftermath) || (raised.at < aftermathEndsAt(cause, resolvedAt) && fellInto(cause, datesOf(textOf(raised))));
}

/** True where work of each of the dates fell into an incident for longer than is made up for at once. A date is worked on from 03:00 ET until noon of the next, when it is compared for the last time. */
function fellInto({ openedAt, resolvedAt }: Incident, dates: readonly GameDate[]): boolean {
  return dates.length > 0 && dates.every((date) => {
    const from = Math.max(openedAt, easternTime(date, 3, 0));
    const until = Math.min(resolvedAt ?? openedAt, easternTime(addDays(date, 1), 12, 0));
    return until - from >= aftermath;
  });
}

/**
 * True where two alerts tell the same refusal of one part of the platform, as whoever looks at the whole part and whoever
 * uses a table of it meet it: for the same reason, at the same time. Long after the first another table is news again.
 */
function isSameFault(known: Incident, raised: Raised): boolean {
  const part = partOf(raised.subject);
  if (!isOpen(known) || known.openedAt > raised.at || part === undefined || part !== partOf(known.subject)) return false;
  return known.cause === raised.cause && known.facts['code'] === raised.facts['code'] && (known.subject === part || raised.at < after(known.openedAt, aftermath));
}

const partOf = (subject: string): string | undefined => platformParts.find((part) => subject === part || subject.startsWith(`${part} `));

/** How closely an incident belongs to an alert at its time: 0 not at all. */
function nearness(incident: Incident, raised: Raised): number {
  if (!isConsequence(raised.cause)) return Number(isSameFault(incident, raised));
  return isTimely(incident, raised) ? closeness(incident, raised) : 0;
}

/** False for an alert that no other incident explains, whichever there are. */
export const canBeExplained = ({ cause, subject }: Raised): boolean => isConsequence(cause) || partOf(subject) !== undefined;

/**
 * The incident that an alert is told with, of those that are open or have ended. An alert that says what is held up follows
 * from the closest one: which names the same table, topic, function, job or source; the same game date; or is about a whole part
 * of the platform, on which everything depends. An alert of a cause belongs to one that tells the same fault. Of several the
 * oldest, and of what belongs together the first.
 */
export function explanationOf(raised: Raised, known: readonly Incident[]): Incident | undefined {
  const near = known.filter(({ cause }) => canHoldUp(cause)).map((incident) => ({ incident, nearness: nearness(incident, raised) })).filter((one) => one.nearness > 0);
  const order = near.toSorted((left, right) => Number(isOpen(right.incident)) - Number(isOpen(left.incident)) || right.nearness - left.nearness || left.incident.openedAt - right.incident.openedAt);
  const nearest = order[0]?.incident;
  return known.find(({ id }) => id === nearest?.explainedBy) ?? nearest;
}
