import { epochMs, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';

/** A clock that stands still until it is told to move. It never goes back. */
export class VirtualClock implements Clock {
  #now: EpochMs;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** @throws RangeError when `instant` is before the present: a schedule that runs backwards is a bug. */
  moveTo(instant: EpochMs): void {
    if (instant < this.#now) throw new RangeError(`the virtual clock cannot go back from ${this.#now} to ${instant}`);
    this.#now = instant;
  }

  moveBy(span: DurationMs): void {
    this.moveTo(epochMs(this.#now + span));
  }
}
