import { isoInstant, type DurationMs } from '@handoff/contracts';
import type { Notice } from './notice.ts';

/** A line of a notice: what it is, and what is said of it. */
export interface NoticeLine {
  readonly name: string;
  readonly text: string;
}

/** What an incident's age is called: `2 h 5 min`. */
export function ageText(age: DurationMs): string {
  const minutesOld = Math.floor(age / 60_000);
  const hoursOld = Math.floor(minutesOld / 60);
  return hoursOld === 0 ? `${minutesOld} min` : `${hoursOld} h ${minutesOld % 60} min`;
}

/** Facts by name, as they are told; lists as they are. */
export const factLines = ({ facts }: Notice): readonly NoticeLine[] =>
  Object.entries(facts).map(([name, fact]) => ({ name, text: Array.isArray(fact) ? fact.join(', ') : String(fact) }));

/** `CRITICAL still open: state: state-permission-denied`. */
export const titleText = ({ kind, severity, headline }: Notice): string => `${kind === 'bulletin' ? '' : kind === 'resolved' ? 'RESOLVED ' : `${severity.toUpperCase()} `}${headline}`.replaceAll(/\s+/g, ' ');

/** Of an incident: since when, how long, how often, and about what else. */
export function courseLines({ kind, openedAt, age, count, others, consequences }: Notice): readonly NoticeLine[] {
  if (kind === 'bulletin') return [];
  return [
    { name: 'since', text: `${isoInstant(openedAt)} (${ageText(age)}), ${count} ${count === 1 ? 'alert' : 'alerts'}` },
    ...(others.length === 0 ? [] : [{ name: 'also about', text: others.join(', ') }]),
    ...(consequences.length === 0 ? [] : [{ name: 'held up', text: consequences.join(', ') }]),
  ];
}
