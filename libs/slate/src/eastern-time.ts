import { after, epochMs, hours, minutes, type EpochMs, type GameDate, type TimeOfDay } from '@handoff/contracts';

const msPerHour = 3_600_000;
const msPerDay = 86_400_000;
// The zone rules below are those of the Energy Policy Act of 2005; earlier years had others.
const firstYear = 2007;

/** UTC midnight of the n-th Sunday of a month (0 = January). */
function sundayOf(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  const untilSunday = (7 - new Date(first).getUTCDay()) % 7;
  return first + (untilSunday + (nth - 1) * 7) * msPerDay;
}

/** Summer time of one year, in UTC: from 02:00 EST on the second Sunday of March to 02:00 EDT on the first of November. */
const summerTime = (year: number) => ({ start: sundayOf(year, 2, 2) + 7 * msPerHour, end: sundayOf(year, 10, 1) + 6 * msPerHour });

const summers = new Map<number, ReturnType<typeof summerTime>>();

function isSummer(instant: number): boolean {
  const year = new Date(instant).getUTCFullYear();
  if (year < firstYear) throw new RangeError(`Eastern time is known from ${firstYear} on, not in ${year}`);
  const known = summers.get(year) ?? summerTime(year);
  summers.set(year, known);
  return instant >= known.start && instant < known.end;
}

const easternOffsetHours = (instant: number): number => (isSummer(instant) ? -4 : -5);

/** A Date whose UTC fields read as the Eastern wall clock. */
const wallClock = (instant: EpochMs): Date => new Date(instant + easternOffsetHours(instant) * msPerHour);

/**
 * The US Eastern calendar date of an instant: the partition key of everything.
 *
 * Plain arithmetic on the statutory rules, since it runs once per row; a spec holds it to the IANA zone.
 *
 * @throws RangeError before 2007, when other rules held.
 */
export const gameDateOf = (instant: EpochMs): GameDate => wallClock(instant).toISOString().slice(0, 10) as GameDate;

/** The hour of the Eastern wall clock, 0 to 23. */
export const easternHour = (instant: EpochMs): number => wallClock(instant).getUTCHours();

/**
 * The instant of a US Eastern wall-clock time. A time that does not exist (02:30 on the spring change)
 * moves forward by the hour that is skipped; one that exists twice (01:30 on the autumn change) is the first.
 *
 * @throws RangeError for an hour or minute outside the clock.
 */
export const easternTime = (date: GameDate, hour: number, minute: number): EpochMs => dueTime(date, { days: 0, hour, minute });

/** When something is due: a US Eastern wall-clock time, so many days after a game date. */
export interface DueTime extends TimeOfDay {
  readonly days: number;
}

/**
 * The instant at which something of a game date is due, by the rules of `easternTime`.
 *
 * @throws RangeError for an hour or minute outside the clock.
 */
export function dueTime(date: GameDate, { days, hour, minute }: DueTime): EpochMs {
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) throw new RangeError(`not an hour of the day: ${hour}`);
  if (!Number.isInteger(minute) || minute < 0 || minute > 59) throw new RangeError(`not a minute of the hour: ${minute}`);
  const midnight = epochMs(Date.parse(`${date}T00:00:00.000Z`) + days * msPerDay);
  const asSummer = after(after(midnight, hours(hour + 4)), minutes(minute));
  return isSummer(asSummer) ? asSummer : after(asSummer, hours(1));
}
