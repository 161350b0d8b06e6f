import { hours, isoInstant, type EpochMs } from '@handoff/contracts';
import type { FaultKind } from '@handoff/faults';
import type { Harm } from './harm.ts';
import type { Evidence, JudgedFault } from './invariant.ts';

/** For the repairs of a gap, and what follows from them. */
const repairMs = hours(3);
/** A fault that lasted longer needs no more: a source that stays away is asked ever more rarely, but at least this often. */
const lastedMsMax = hours(12);

/**
 * How long the machine has to make good what a fault did: three hours for the repairs of a gap and what follows from
 * them, and as long as the fault lasted, at most twelve hours, since a source that stays away is asked ever more rarely.
 */
export const healingMs = ({ firstAt, lastAt }: JudgedFault): number => repairMs + Math.min(lastedMsMax, lastAt - firstAt);

/** The longest that healing may take, and an hour to spare: what is drawn ends this long before the run does. */
export const healingMsMax = repairMs + lastedMsMax + hours(1);

/** What repeats, overtakes, or is written otherwise holds nothing up that would have to be healed. */
const holdsNothingUp: ReadonlySet<FaultKind> = new Set<FaultKind>(['duplicate', 'reorder', 'alias-names']);

/** Says of a run that ended before the machine had had its time. */
export function endedTooSoon({ faults, run }: Evidence): string | undefined {
  const late = faults.find((fault) => !holdsNothingUp.has(fault.fault.kind) && fault.lastAt > run.endedAt - healingMs(fault));
  return late === undefined ? undefined : `${late.fault.kind} on ${late.fault.target} struck last at ${isoInstant(late.lastAt as EpochMs)}: the run ends before what it did can be healed`;
}

/** What an output is made from is collected from a day before on. */
const leadMs = hours(24);

/** Whether everything that went wrong was over and healed before anything of an output had to be collected: no fault excuses it. */
export const isAfterHealing = ({ entry: { expectedBy } }: Harm, { faults }: Evidence): boolean => faults.every((fault) => fault.lastAt + healingMs(fault) < expectedBy - leadMs);
