import { rankOf, worseOf } from '@handoff/catalogue';
import { isOpen, type Incident } from './incident.ts';

/** What was written down elsewhere while the state store was away, put together with what the state store knows of the same incident. */
export function merge(known: Incident | undefined, noted: Incident): Incident {
  if (!isOpen(known)) return noted;
  return {
    ...known,
    severity: worseOf(known.severity, noted.severity),
    facts: noted.facts,
    openedAt: noted.openedAt < known.openedAt ? noted.openedAt : known.openedAt,
    lastSeenAt: noted.lastSeenAt > known.lastSeenAt ? noted.lastSeenAt : known.lastSeenAt,
    resolvedAt: noted.resolvedAt, ending: noted.ending,
    count: known.count + noted.count,
    subjects: [...new Set([...known.subjects, ...noted.subjects])],
    unnamed: known.unnamed + noted.unnamed,
    consequences: [...new Set([...known.consequences, ...noted.consequences])],
    escalations: Math.max(known.escalations, noted.escalations),
    toldSeverity: louder(known.toldSeverity, noted.toldSeverity),
    toldAt: [...known.toldAt, ...noted.toldAt].sort((left, right) => left - right),
    untold: noted.untold ?? known.untold, tellFrom: noted.untold === null ? known.tellFrom : noted.tellFrom,
  };
}

function louder(left: Incident['toldSeverity'], right: Incident['toldSeverity']): Incident['toldSeverity'] {
  if (left === null || right === null) return left ?? right;
  return rankOf(right) > rankOf(left) ? right : left;
}
