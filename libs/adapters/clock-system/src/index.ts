import { epochMs, type EpochMs } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): EpochMs {
    return epochMs(Date.now());
  }
}
