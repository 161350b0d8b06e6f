import { minutes, type DurationMs } from '@handoff/contracts';

/**
 * When a game that is in conflict with streamed rows is looked at again, each counted from the look before: after 5,
 * 15 and 35 minutes in all (requirement F066). BigQuery's buffer holds rows for about 30.
 */
export const conflictRechecks: readonly DurationMs[] = [minutes(5), minutes(10), minutes(20)];
