import { outputNamed } from '@handoff/catalogue';
import type { TargetFamily } from '../scenario/targets.ts';
import { phaseOrder } from './phase-order.ts';
import type { Evidence } from './invariant.ts';
import { harmsOf, type Harm } from './harm.ts';
import { alertsBeyondClean } from './alerts-of-run.ts';

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

/** What a source did not offer before tip-off when it was asked: whether it would have, nobody can know, and the ledger says that it did not. */
export const isUnknowable = ({ kind, entry: { state, reason } }: Harm, { faults }: Evidence): boolean =>
  kind === 'missing' && state === 'EMPTY_OK' && reason === 'none-offered' && faults.some(({ row }) => row.family === 'source');

/** Whether people, or the ledger, know of it: what is missing has an alert, what is different has inputs that are. */
export function isOutputReported(harm: Harm, evidence: Evidence): boolean {
  if (isUnknowable(harm, evidence)) return true;
  if (harm.kind === 'missing') return !isSaidToBeThere(harm) && alertsBeyondClean(evidence).length > 0;
  return harm.entry.state === 'DEGRADED' || hasOtherInputs(harm, evidence);
}

const isSaidToBeThere = ({ state }: Harm): boolean => state === 'COMPLETE' || state === 'DEGRADED';

/** Where a fault makes answers come later. */
const lateFamilies: ReadonlySet<TargetFamily> = new Set<TargetFamily>(['source', 'scheduler', 'bus']);

/** What was asked of a source at another moment is another answer; what is derived follows from what is before it. */
function hasOtherInputs(harm: Harm, evidence: Evidence): boolean {
  const place = phaseOrder(harm.entry.output);
  if (outputNamed(harm.entry.output)?.phase === 'phase2') return evidence.faults.length > 0;
  // What a source told, or was asked, too late, or was heard of too late, is in its table in the end, and was not in what was made before tip-off.
  if (harm.recovery === 'time-bound' && evidence.faults.some(({ row }) => lateFamilies.has(row.family))) return true;
  return harmsOf(evidence).some(({ entry: { gameDate, output } }) => gameDate < harm.entry.gameDate || (gameDate === harm.entry.gameDate && phaseOrder(output) < place));
}
