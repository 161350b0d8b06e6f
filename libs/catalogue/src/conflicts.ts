import { hours, minutes, type DurationMs } from '@handoff/contracts';

/**
 * When a game that is in conflict with streamed rows is looked at again, each counted from the look before: after 5,
 * 15 and 35 minutes in all (requirement F066). BigQuery's buffer holds rows for about 30.
 */
export const conflictRechecks: readonly DurationMs[] = [minutes(5), minutes(10), minutes(20)];

/** After that people have been told; it is looked at every hour for a day more, so that it ends by itself when the cause has. */
const lateRecheckEvery = hours(1);
const lateRechecksMax = 24;

/** How long after its last look a game in conflict is looked at again; undefined after the last. `rechecks` counts those there were. */
export function nextRecheck(rechecks: number): DurationMs | undefined {
  const soon = conflictRechecks[rechecks];
  if (soon !== undefined) return soon;
  return rechecks < conflictRechecks.length + lateRechecksMax ? lateRecheckEvery : undefined;
}
