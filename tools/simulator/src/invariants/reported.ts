import { canHoldUp, outputNamed } from '@handoff/catalogue';
import { hours } from '@handoff/contracts';
import type { FaultKind } from '@handoff/faults';
import type { TargetFamily } from '../scenario/targets.ts';
import { phaseOrder } from './phase-order.ts';
import type { Evidence, JudgedFault } from './invariant.ts';
import { harmsOf, type Harm } from './harm.ts';
import { alertsBeyondClean } from './alerts-of-run.ts';
import { isAfterHealing } from './healing-time.ts';

/** What follows from something that came before tip-off or not at all is as that was: it is no harm by itself. */
export function followsFromTimeBound(harm: Harm, evidence: Evidence): boolean {
  const place = phaseOrder(harm.entry.output);
  if (harm.kind === 'missing') return hasNothingToBeMadeFrom(harm, evidence);
  return harmsOf(evidence).some(({ recovery, entry: { gameDate, output } }) => recovery === 'time-bound' && gameDate <= harm.entry.gameDate && phaseOrder(output) < place);
}

/** Rightly empty, since what it would be made from was only worth something before tip-off, and is not there. */
function hasNothingToBeMadeFrom({ entry: { output, state, gameDate, scope } }: Harm, evidence: Evidence): boolean {
  const origin = outputNamed(output)?.emptyWithout;
  if (state !== 'EMPTY_OK' || origin === undefined) return false;
  return harmsOf(evidence).some((other) => other.recovery === 'time-bound' && other.entry.output === origin && other.entry.gameDate === gameDate && (scope === 'slate' || other.entry.scope === scope));
}

/**
 * What a source did not offer before tip-off when it was asked: whether it would have, nobody can know, and the ledger
 * says that it did not. Where it could not be asked again, people had heard of what kept it from being. What was never
 * answered at all is MISSED, and judged as that.
 */
export function isUnknowable(harm: Harm, evidence: Evidence): boolean {
  const { kind, entry: { state, reason } } = harm;
  if (kind !== 'missing' || state !== 'EMPTY_OK' || reason !== 'none-offered') return false;
  return evidence.faults.some(({ row }) => row.family === 'source') || (isToldOf(harm, evidence) && !isAfterHealing(harm, evidence));
}

/**
 * Whether the ledger and people know of it. What is missing is FAILED or MISSED in the ledger, or was never planned since
 * the planner itself was away, and people had heard of something within hours of when it was due; what is different has
 * inputs that are. What was due when every fault was long over is excused by none.
 */
export function isOutputReported(harm: Harm, evidence: Evidence): boolean {
  if (isUnknowable(harm, evidence)) return true;
  if (harm.kind === 'missing') return isLostInLedger(harm) && isToldOf(harm, evidence) && (isLeftToPeople(evidence) || !isAfterHealing(harm, evidence));
  return harm.entry.state === 'DEGRADED' || hasOtherInputs(harm, evidence);
}

const lost: ReadonlySet<string> = new Set(['FAILED', 'MISSED', 'not expected']);
const isLostInLedger = ({ state }: Harm): boolean => lost.has(state);

const isLeftToPeople = ({ faults }: Evidence): boolean => faults.some(({ row }) => !row.isRecoverable);

/** People know why something is not there when an incident was open within this long before, or began this long after, it was due. */
const told = { beforeMs: hours(24), afterMs: hours(12) };

const isToldOf = ({ entry: { expectedBy } }: Harm, evidence: Evidence, isReason: (cause: string) => boolean = () => true): boolean =>
  alertsBeyondClean(evidence).some(({ cause, at, resolvedAt }) => isReason(cause) && at <= expectedBy + told.afterMs && (resolvedAt ?? Infinity) >= expectedBy - told.beforeMs);

/** A channel that takes no notices holds up no work. */
const holdsUpWork = (cause: string): boolean => cause !== 'notifier-failed' && canHoldUp(cause);

/** What tells people changes no answer. */
const isSilentFamily = (family: TargetFamily): boolean => family === 'notifier';

/** Where a fault makes answers come later. */
const lateFamilies: ReadonlySet<TargetFamily> = new Set<TargetFamily>(['source', 'scheduler', 'bus']);
/** A function that takes its time, or waits for a call that does, does its work later, and others have gone on meanwhile. */
const slowKinds: ReadonlySet<FaultKind> = new Set<FaultKind>(['latency', 'timeout']);
const isLate = ({ row: { family, kind } }: JudgedFault): boolean => lateFamilies.has(family) || (!isSilentFamily(family) && slowKinds.has(kind));

/** What was asked of a source at another moment is another answer; what is derived follows from what is before it. */
function hasOtherInputs(harm: Harm, evidence: Evidence): boolean {
  const place = phaseOrder(harm.entry.output);
  const mayBeOther = !isAfterHealing(harm, evidence);
  if (outputNamed(harm.entry.output)?.phase === 'phase2') return mayBeOther && evidence.faults.some(({ row }) => !isSilentFamily(row.family));
  // What came, was heard of, or was worked on too late is in its table in the end, and was not in what was made before tip-off. Work that is held up is heard of.
  if (harm.recovery === 'time-bound' && mayBeOther && (evidence.faults.some(isLate) || isToldOf(harm, evidence, holdsUpWork))) return true;
  return harmsOf(evidence).some(({ entry: { gameDate, output } }) => gameDate < harm.entry.gameDate || (gameDate === harm.entry.gameDate && phaseOrder(output) < place));
}
