import { gameDate, type GameDate } from '@handoff/contracts';

const msPerDay = 86_400_000;
const dayNumber = (date: GameDate): number => Date.parse(`${date}T00:00:00.000Z`) / msPerDay;
const dateOf = (day: number): GameDate => gameDate(new Date(day * msPerDay).toISOString().slice(0, 10));

/** The date `count` days after `date`; a negative count goes back. */
export const addDays = (date: GameDate, count: number): GameDate => dateOf(dayNumber(date) + count);

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: GameDate, to: GameDate): number => dayNumber(to) - dayNumber(from);

/** Every date from `from` to `to`, both included; none when `to` is earlier. */
export const datesBetween = (from: GameDate, to: GameDate): readonly GameDate[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));

/** The year in which the season of a date began. A season is counted from October: 2026-01-24 is of 2025. */
export function seasonYearOf(date: GameDate): number {
  const [year, month] = date.split('-').map(Number);
  if (year === undefined || month === undefined) throw new RangeError(`not a calendar date: ${date}`);
  return month >= 10 ? year : year - 1;
}

/** October 1 of the season's year: no game of the season is earlier. */
export const seasonStart = (seasonYear: number): GameDate => gameDate(`${seasonYear}-10-01`);
