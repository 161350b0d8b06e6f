import { after, before, hours, minutes, type EpochMs } from '@handoff/contracts';
import type { Fault } from '@handoff/faults';
import { familyOf } from '../scenario/targets.ts';

/** Before a fault begins its monitors are in step, and after its end they see it. */
const lead = minutes(15);
const wake = hours(1);

/** What sources answer is none of the watchdog's business. */
const concerns = ({ target }: Fault): boolean => familyOf(target) !== 'source';

/** The first instant from one on at which a fault of the platform may be seen: a watchdog that is called seldom otherwise is called in time then. */
export function watchedFrom(faults: readonly Fault[]): (instant: EpochMs) => EpochMs | undefined {
  const spans = faults.filter(concerns).map(({ at, until }) => ({ start: at === undefined ? -Infinity : before(at, lead), end: until === undefined ? Infinity : after(until, wake) }));
  return (instant) => {
    const starts = spans.filter(({ end }) => end >= instant).map(({ start }) => Math.max(start, instant));
    return starts.length === 0 ? undefined : (Math.min(...starts) as EpochMs);
  };
}
