import type { GameDate } from '@handoff/contracts';
import { daysBetween } from '@handoff/slate';

/** Why nothing is expected of a date. */
export type Halt = 'off-season' | 'all-star-break' | 'between-rounds' | 'no-games' | 'all-postponed';

/** A gap of four days and more in February is the all-star break; in April and later it is between rounds. */
const breakDaysMin = 4;

/**
 * Why a date has no games, told from the season's own dates; undefined when it has some. Off season is before
 * the first game and after the last one that is scheduled.
 *
 * @param datesWithGames - every date of the season on which a game stands, ascending.
 */
export function haltOf(date: GameDate, datesWithGames: readonly GameDate[]): Halt | undefined {
  if (datesWithGames.includes(date)) return undefined;
  const previous = datesWithGames.filter((known) => known < date).at(-1);
  const next = datesWithGames.find((known) => known > date);
  if (previous === undefined || next === undefined) return 'off-season';
  if (daysBetween(previous, next) <= breakDaysMin) return 'no-games';
  return date.slice(5, 7) === '02' ? 'all-star-break' : 'between-rounds';
}
