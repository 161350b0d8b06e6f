import { after, epochMs, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private at: EpochMs;

  constructor(start: EpochMs = epochMs(Date.UTC(2026, 0, 24, 12))) {
    this.at = start;
  }

  now(): EpochMs {
    return this.at;
  }

  /** Moves the clock; a negative span goes back, as a corrected system clock does. */
  advance(span: DurationMs): void {
    this.at = after(this.at, span);
  }

  /** Sets the clock, back too. */
  moveTo(at: EpochMs): void {
    this.at = at;
  }
}
