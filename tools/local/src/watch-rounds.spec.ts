import { after, epochMs, isoInstant, milliseconds, minutes, type EpochMs } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { WatchRounds } from './watch-rounds.ts';

const at = (time: string): EpochMs => epochMs(Date.parse(`2026-01-24T${time}Z`));
const soonAfter = (instant: EpochMs): EpochMs => after(instant, milliseconds(1));

const rounds = (last: string, watchedFrom?: string): WatchRounds =>
  new WatchRounds({ lastAt: at(last), everyMinutes: 5, watchFrom: () => (watchedFrom === undefined ? undefined : at(watchedFrom)) });

describe('the next round of the watchdog', () => {
  it.each([
    ['comes at the next full hour where nothing may go wrong', '12:00:00', undefined, '13:00:00'],
    ['comes at the first firing from which on something may', '12:00:00', '12:17:00', '12:20:00'],
    ['comes with the next firing where something may go wrong already', '12:20:00', '12:20:01', '12:25:00'],
    ['does not wait longer than an hour for what may go wrong later', '12:00:00', '14:00:00', '13:00:00'],
  ])('%s', (_, last, watchedFrom, next) => {
    expect(isoInstant(rounds(last, watchedFrom).nextAt(soonAfter(at(last))))).toBe(isoInstant(at(next)));
  });

  it('is the newest of those that a long call has outlasted, and not each of them', () => {
    expect(rounds('12:00:00', '12:00:01').nextAt(soonAfter(at('12:23:00')))).toBe(at('12:20:00'));
  });

  it('follows the one that was made', () => {
    const watch = rounds('12:00:00');
    watch.made(at('13:00:00'));
    expect(watch.nextAt(soonAfter(at('13:00:00')))).toBe(after(at('13:00:00'), minutes(60)));
  });
});
