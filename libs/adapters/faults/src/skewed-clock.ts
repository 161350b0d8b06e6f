import { after, milliseconds, minutes } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';
import type { FaultPlan } from './fault-plan.ts';

/** How far ahead a clock is where the fault does not say. */
const aheadBy = minutes(5);

/** A clock that is off by the span of each fault that strikes the reading. Target: `clock`, kind: `skew`. */
export const skewedClock = (port: Clock, plan: FaultPlan): Clock => ({
  now: () => {
    const fault = plan.strike({ targets: ['clock'], kinds: ['skew'] });
    return after(port.now(), fault === undefined ? milliseconds(0) : (fault.span ?? aheadBy));
  },
});
