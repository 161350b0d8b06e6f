import { after, milliseconds } from '@handoff/contracts';
import type { Clock } from '@handoff/ports';
import type { FaultPlan } from './fault-plan.ts';

/** A clock that is off by the span of each fault that strikes the reading. Target: `clock`, kind: `skew`. */
export const skewedClock = (port: Clock, plan: FaultPlan): Clock => ({
  now: () => after(port.now(), plan.strike({ targets: ['clock'], kinds: ['skew'] })?.span ?? milliseconds(0)),
});
