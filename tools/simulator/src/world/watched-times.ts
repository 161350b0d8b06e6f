import { after, before, hours, milliseconds, minutes, type EpochMs } from '@handoff/contracts';
import type { Fault, FaultPlan, FiredFault } from '@handoff/faults';
import { familyOf } from '../scenario/targets.ts';

/** Before a fault begins its monitors are in step, and after its end they see it. */
const lead = minutes(15);
const wake = hours(1);

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What sources answer is none of the watchdog's business. */
const concerns = ({ fault: { target } }: FiredFault): boolean => familyOf(target) !== 'source';

/** A fault that strikes some calls only: between its strikes there is nothing of it to be seen. */
const strikesNowAndThen = ({ rate, times }: Fault): boolean => rate !== undefined || times !== undefined;

/** When a fault can be seen, by what is known of it so far. */
function seenIn({ fault, lastAt }: FiredFault): readonly Span[] {
  const { at, until, span } = fault;
  if (!strikesNowAndThen(fault)) return [{ start: at === undefined ? -Infinity : before(at, lead), end: until === undefined ? Infinity : after(until, wake) }];
  return lastAt === undefined ? [] : [{ start: lastAt, end: after(lastAt, milliseconds(wake + Math.max(0, span ?? 0))) }];
}

/**
 * The first instant from one on at which a fault of the platform may be seen: a watchdog that is called seldom otherwise
 * is called in time then. A fault that lasts is seen from its beginning to its end, one that strikes now and then for an
 * hour after each strike (docs/adr/0055-rounds-after-strikes.md).
 */
export function watchedFrom(plan: Pick<FaultPlan, 'fired'>): (instant: EpochMs) => EpochMs | undefined {
  return (instant) => {
    const starts = plan.fired().filter(concerns).flatMap(seenIn).filter(({ end }) => end >= instant).map(({ start }) => Math.max(start, instant));
    return starts.length === 0 ? undefined : (Math.min(...starts) as EpochMs);
  };
}
