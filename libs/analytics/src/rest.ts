import { daysBetween } from './calendar.ts';

/**
 * Rest and load of a team or player before a slate, from the dates of the games this season, all before it.
 * `days_rest` counts from the last game: 1 is a back-to-back, null the first game. A week is the 7 days
 * before the slate, the slate itself not included.
 */
export function restBefore(gameDate: string, playedDates: readonly string[]) {
  const ages = playedDates.map((date) => daysBetween(date, gameDate));
  const restDays = ages.length === 0 ? null : Math.min(...ages);
  return {
    days_rest: restDays,
    is_back_to_back: restDays === 1,
    games_in_last_7_days: ages.filter((age) => age <= 7).length,
    games_in_last_14_days: ages.filter((age) => age <= 14).length,
  };
}
