import { epochMs, minutes } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

it('stands still until it is moved, and can go back', () => {
  const clock = new ManualClock(epochMs(1_769_256_000_000));
  expect([clock.now(), clock.now()]).toEqual([1_769_256_000_000, 1_769_256_000_000]);
  clock.advance(minutes(5));
  expect(clock.now()).toBe(1_769_256_300_000);
  clock.advance(minutes(-10));
  expect(clock.now()).toBe(1_769_255_700_000);
});
