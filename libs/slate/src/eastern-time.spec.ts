import { epochMs, gameDate, minutes, parseInstant, type EpochMs } from '@handoff/contracts';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { isWithinWindow, lastOccurrence, nearestOccurrence, nextOccurrence } from './daily-window.ts';
import { dueTime, easternHour, easternTime, gameDateOf } from './eastern-time.ts';
import { addDays } from './game-dates.ts';

const zone = 'America/New_York';
const hour = 3_600_000;
const springChange = parseInstant('2026-03-08T07:00:00Z');
const autumnChange = parseInstant('2025-11-02T06:00:00Z');
const aroundAChange = fc
  .tuple(fc.constantFrom(springChange, autumnChange), fc.integer({ min: -40 * 60, max: 40 * 60 }))
  .map(([change, offset]) => epochMs(change + offset * 60_000));
const anyInstant = fc.integer({ min: Date.UTC(2008, 0, 1), max: Date.UTC(2037, 11, 31) }).map(epochMs);

describe('the game date', () => {
  it.each`
    instant                   | date            | hour
    ${'2026-01-25T01:40:00Z'} | ${'2026-01-24'} | ${20}
    ${'2026-01-25T04:59:59Z'} | ${'2026-01-24'} | ${23}
    ${'2026-01-25T05:00:00Z'} | ${'2026-01-25'} | ${0}
    ${'2026-07-01T03:59:59Z'} | ${'2026-06-30'} | ${23}
    ${'2026-03-08T06:59:59Z'} | ${'2026-03-08'} | ${1}
    ${'2026-03-08T07:00:00Z'} | ${'2026-03-08'} | ${3}
    ${'2025-11-02T05:59:59Z'} | ${'2025-11-02'} | ${1}
    ${'2025-11-02T06:00:00Z'} | ${'2025-11-02'} | ${1}
  `('of $instant is $date, at $hour o’clock', ({ instant, date, hour: expected }: { instant: string; date: string; hour: number }) => {
    expect(gameDateOf(parseInstant(instant))).toBe(date);
    expect(easternHour(parseInstant(instant))).toBe(expected);
  });

  it('agrees with the IANA zone at any instant, and around both clock changes', () => {
    fc.assert(
      fc.property(fc.oneof(anyInstant, aroundAChange), (instant) => {
        const reference = DateTime.fromMillis(instant, { zone });
        expect(gameDateOf(instant)).toBe(reference.toISODate());
        expect(easternHour(instant)).toBe(reference.hour);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses an instant from before the present rules', () => {
    expect(() => gameDateOf(parseInstant('2006-12-31T12:00:00Z'))).toThrow(/from 2007 on/);
  });
});

describe('an Eastern wall-clock time', () => {
  it.each`
    date            | at         | instant
    ${'2026-01-24'} | ${[17, 30]} | ${'2026-01-24T22:30:00.000Z'}
    ${'2025-10-24'} | ${[19, 0]}  | ${'2025-10-24T23:00:00.000Z'}
    ${'2026-03-08'} | ${[1, 59]}  | ${'2026-03-08T06:59:00.000Z'}
    ${'2026-03-08'} | ${[2, 30]}  | ${'2026-03-08T07:30:00.000Z'}
    ${'2026-03-08'} | ${[3, 0]}   | ${'2026-03-08T07:00:00.000Z'}
    ${'2025-11-02'} | ${[1, 30]}  | ${'2025-11-02T05:30:00.000Z'}
    ${'2025-11-02'} | ${[2, 0]}   | ${'2025-11-02T07:00:00.000Z'}
  `('$date at $at is $instant', ({ date, at, instant }: { date: string; at: [number, number]; instant: string }) => {
    expect(new Date(easternTime(gameDate(date), ...at)).toISOString()).toBe(instant);
  });

  it('is on its own date and reads as itself, wherever it exists', () => {
    fc.assert(
      fc.property(aroundAChange, fc.nat(23), fc.nat(59), (near, hourOfDay, minute) => {
        const date = gameDateOf(near);
        const instant = easternTime(date, hourOfDay, minute);
        expect(gameDateOf(instant)).toBe(date);
        const isSkipped = date === '2026-03-08' && hourOfDay === 2;
        expect(easternHour(instant)).toBe(isSkipped ? 3 : hourOfDay);
      }),
    );
  });

  it.each([
    ['2026-03-07', 0, '2026-03-07T11:30:00.000Z'],
    ['2026-03-07', 1, '2026-03-08T10:30:00.000Z'],
    ['2025-12-31', 1, '2026-01-01T11:30:00.000Z'],
  ])('of %s and %i days later is on the calendar of that day', (date, days, instant) => {
    expect(new Date(dueTime(gameDate(date), { days, hour: 6, minute: 30 })).toISOString()).toBe(instant);
  });

  it('refuses 24:00', () => {
    expect(() => easternTime(gameDate('2026-01-24'), 24, 0)).toThrow(RangeError);
  });
});

describe('the last and the next of some daily times', () => {
  const timesOfDay = fc.array(fc.record({ hour: fc.nat(23), minute: fc.nat(59) }), { minLength: 1, maxLength: 3 });

  it.each`
    now                       | last                      | next
    ${'2026-01-24T11:00:00Z'} | ${'2026-01-24T11:00:00Z'} | ${'2026-01-24T17:00:00Z'}
    ${'2026-01-24T10:59:59Z'} | ${'2026-01-23T17:00:00Z'} | ${'2026-01-24T11:00:00Z'}
    ${'2026-01-25T04:59:00Z'} | ${'2026-01-24T17:00:00Z'} | ${'2026-01-25T11:00:00Z'}
    ${'2026-03-08T10:30:00Z'} | ${'2026-03-08T10:00:00Z'} | ${'2026-03-08T16:00:00Z'}
    ${'2026-11-01T10:30:00Z'} | ${'2026-10-31T16:00:00Z'} | ${'2026-11-01T11:00:00Z'}
  `('of 06:00 and 12:00 at $now are $last and $next', ({ now, last, next }: { now: string; last: string; next: string }) => {
    const times = [{ hour: 6, minute: 0 }, { hour: 12, minute: 0 }];
    expect([lastOccurrence(times, parseInstant(now)), nextOccurrence(times, parseInstant(now))]).toEqual([parseInstant(last), parseInstant(next)]);
  });

  it('have the instant between them, and none of the times', () => {
    fc.assert(
      fc.property(fc.oneof(aroundAChange, anyInstant), timesOfDay, (now, times) => {
        const [last, next] = [lastOccurrence(times, now), nextOccurrence(times, now)];
        const between = [-1, 0, 1].flatMap((shift) => times.map((time) => easternTime(addDays(gameDateOf(now), shift), time.hour, time.minute))).filter((at) => at > last && at < next);
        expect([last <= now, now < next, between]).toEqual([true, true, []]);
      }),
    );
  });
});

describe('the nearest occurrence of a daily window', () => {
  const asked = (text: string): EpochMs => easternTime(gameDate(text.slice(0, 10)), Number(text.slice(11, 13)), Number(text.slice(14, 16)));

  it.each`
    window | now                   | nearest
    ${1}   | ${'2026-01-24 23:00'} | ${'2026-01-25 01:00'}
    ${1}   | ${'2026-01-24 12:59'} | ${'2026-01-24 01:00'}
    ${23}  | ${'2026-01-24 01:00'} | ${'2026-01-23 23:00'}
    ${12}  | ${'2026-01-24 12:00'} | ${'2026-01-24 12:00'}
    ${0}   | ${'2026-01-24 12:00'} | ${'2026-01-25 00:00'}
    ${1}   | ${'2026-03-07 23:00'} | ${'2026-03-08 01:00'}
    ${1}   | ${'2025-11-01 23:00'} | ${'2025-11-02 01:00'}
  `('of $window:00 asked at $now is $nearest', ({ window, now, nearest }: { window: number; now: string; nearest: string }) => {
    expect(nearestOccurrence(window, 0, asked(now))).toBe(asked(nearest));
  });

  it('is never further than half a day, or half a long day across the autumn change', () => {
    fc.assert(
      fc.property(fc.oneof(aroundAChange, anyInstant), fc.nat(23), fc.nat(59), (now, hourOfDay, minute) => {
        const nearest = nearestOccurrence(hourOfDay, minute, now);
        expect(Math.abs(nearest - now)).toBeLessThanOrEqual(12.5 * hour);
        const today = gameDateOf(now);
        const others = [-1, 0, 1].map((shift) => easternTime(addDays(today, shift), hourOfDay, minute));
        expect(Math.min(...others.map((other) => Math.abs(other - now)))).toBe(Math.abs(nearest - now));
      }),
    );
  });

  it('is within the window up to the tolerance and not a minute more', () => {
    const window = { hour: 1, minute: 0, tolerance: minutes(120) };
    expect(isWithinWindow(window, asked('2026-01-24 23:00'))).toBe(true);
    expect(isWithinWindow(window, asked('2026-01-24 22:59'))).toBe(false);
    expect(isWithinWindow(window, asked('2026-01-25 03:00'))).toBe(true);
  });
});
