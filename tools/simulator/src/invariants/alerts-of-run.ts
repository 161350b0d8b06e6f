import { alertCodes, type AlertCode } from '@handoff/catalogue';
import type { ToldAlert } from '../outcome/outcome.ts';
import type { Evidence } from './invariant.ts';

/** What follows from a fault, whatever it is: these say which work it held up, not what it is. */
export const consequences: ReadonlySet<string> = new Set((alertCodes as readonly AlertCode[]).filter(({ isConsequence }) => isConsequence === true).map(({ code }) => code));

const nameOf = ({ cause, subject }: ToldAlert): string => `${cause}|${subject}`;

/** The alerts that a clean run does not have, one for each incident: channels tell the same. */
export function alertsBeyondClean({ run, clean }: Pick<Evidence, 'run' | 'clean'>): readonly ToldAlert[] {
  const usual = new Map<string, number>();
  for (const name of incidentsOf(clean.alerts).map(nameOf)) usual.set(name, (usual.get(name) ?? 0) + 1);
  return incidentsOf(run.alerts).filter((alert) => {
    const left = usual.get(nameOf(alert)) ?? 0;
    usual.set(nameOf(alert), left - 1);
    return left <= 0;
  });
}

/** One of the entries of an incident that several channels told: the first that reached anybody. */
export function incidentsOf(alerts: readonly ToldAlert[]): readonly ToldAlert[] {
  const first = new Map<string, ToldAlert>();
  for (const alert of alerts) {
    const key = `${nameOf(alert)}|${alert.openedAt}`;
    if (!first.has(key)) first.set(key, alert);
  }
  return [...first.values()];
}
