import { epochMs, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';

/** A clock that stands still until it is told to move. It goes back only from what has run beside everything else. */
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

  /** Does what runs beside everything else, as another instance would: the time that it takes passes for itself alone. */
  async beside(work: () => Promise<void>): Promise<void> {
    const startedAt = this.#now;
    try {
      await work();
    } finally {
      this.#now = startedAt;
    }
  }
}
