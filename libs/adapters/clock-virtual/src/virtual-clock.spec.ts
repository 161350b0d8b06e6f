import { epochMs, minutes } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './index.ts';

const noon = epochMs(Date.UTC(2026, 0, 24, 12));

describe('the virtual clock', () => {
  it('stands still until it is moved, to an instant or by a span', () => {
    const clock = new VirtualClock(noon);
    expect([clock.now(), clock.now()]).toEqual([noon, noon]);
    clock.moveTo(epochMs(noon + 1));
    expect(clock.now()).toBe(noon + 1);
    clock.moveBy(minutes(5));
    expect(clock.now()).toBe(noon + 1 + 300_000);
  });

  it('moves to the present, and never back', () => {
    const clock = new VirtualClock(noon);
    clock.moveTo(noon);
    expect(() => { clock.moveTo(epochMs(noon - 1)); }).toThrow(RangeError);
    expect(() => { clock.moveBy(minutes(-1)); }).toThrow('cannot go back');
    expect(clock.now()).toBe(noon);
  });

  it('is where it was after what has run beside everything else, whether that ended well or not', async () => {
    const clock = new VirtualClock(noon);
    const seen: number[] = [];
    await clock.beside(async () => { clock.moveBy(minutes(1)); seen.push(clock.now()); });
    await expect(clock.beside(async () => { clock.moveBy(minutes(2)); throw new Error('cut off'); })).rejects.toThrow('cut off');
    expect([seen, clock.now()]).toEqual([[noon + 60_000], noon]);
  });
});
