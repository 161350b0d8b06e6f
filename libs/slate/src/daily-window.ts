import { epochMs, type DurationMs, type EpochMs, type TimeOfDay } from '@handoff/contracts';
import { easternTime, gameDateOf } from './eastern-time.ts';
import { addDays } from './game-dates.ts';

/**
 * The occurrence of a daily US Eastern time that is nearest to `now`, before or after it: a 01:00 window
 * asked at 23:00 is two hours away, not twenty-two behind. Of two equally near ones, the coming one.
 */
export function nearestOccurrence(windowHour: number, windowMinute: number, now: EpochMs): EpochMs {
  const today = gameDateOf(now);
  const [previous, same, next] = [-1, 0, 1].map((shift) => easternTime(addDays(today, shift), windowHour, windowMinute)) as [EpochMs, EpochMs, EpochMs];
  return [same, next].reduce((nearest, candidate) => (Math.abs(candidate - now) <= Math.abs(nearest - now) ? candidate : nearest), previous);
}

/** The newest of some daily US Eastern times that is not after an instant. */
export const lastOccurrence = (times: readonly TimeOfDay[], at: EpochMs): EpochMs =>
  epochMs(Math.max(...occurrencesAbout(times, at).filter((one) => one <= at)));

/** The first of some daily US Eastern times that is after an instant. */
export const nextOccurrence = (times: readonly TimeOfDay[], at: EpochMs): EpochMs =>
  epochMs(Math.min(...occurrencesAbout(times, at).filter((one) => one > at)));

function occurrencesAbout(times: readonly TimeOfDay[], at: EpochMs): readonly EpochMs[] {
  const today = gameDateOf(at);
  return [-1, 0, 1].flatMap((shift) => times.map(({ hour, minute }) => easternTime(addDays(today, shift), hour, minute)));
}

/** A daily US Eastern time, and how far from it still counts, on either side. */
export interface DailyWindow extends TimeOfDay {
  readonly tolerance: DurationMs;
}

/** True when `now` is at most the tolerance away from the nearest occurrence of the window. */
export const isWithinWindow = (window: DailyWindow, now: EpochMs): boolean =>
  Math.abs(nearestOccurrence(window.hour, window.minute, now) - now) <= window.tolerance;
