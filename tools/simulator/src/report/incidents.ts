import { isoInstant, type EpochMs } from '@handoff/contracts';
import { gapKey } from '@handoff/ledger';
import { alertOf, isLeftOpen } from '../invariants/alert-invariants.ts';
import { alertsBeyondClean } from '../invariants/alerts-of-run.ts';
import { harmsOf } from '../invariants/harm.ts';
import { followsFromTimeBound } from '../invariants/reported.ts';
import type { Evidence, JudgedFault } from '../invariants/invariant.ts';
import type { SimulationReport } from './report.ts';

type Incident = SimulationReport['incidents'][number];

/** Faults that end when somebody else's system is right again. */
const isOfSource = ({ row }: JudgedFault): boolean => row.family === 'source';

const isEnded = ({ fault, lastAt }: JudgedFault, { run }: Evidence): boolean => (fault.until ?? lastAt) < run.endedAt;

/**
 * One incident for each fault that struck: from its first strike to its last, and what became of it. It is healed when
 * the fault, what people were told of it and the gaps that were opened since its beginning are over, and every convergent
 * output is as if it had never been; what is time-bound may be gone for good. A warning is told once, and may stay.
 */
export function incidentsOfFaults(evidence: Evidence): readonly Incident[] {
  const alerts = alertsBeyondClean(evidence);
  const cleanGaps = new Set(evidence.clean.gaps.map(gapKey));
  const gaps = evidence.run.gaps.filter((gap) => !cleanGaps.has(gapKey(gap)));
  const isWhole = harmsOf(evidence).every((harm) => harm.recovery === 'time-bound' || followsFromTimeBound(harm, evidence));
  return evidence.faults.map((fault): Incident => {
    const alert = alertOf(fault, evidence, alerts);
    const detectedAt = alert === undefined ? undefined : Math.max(fault.firstAt, alert.at);
    const isHealed = isEnded(fault, evidence) && isWhole && (alert === undefined || !isLeftOpen(alert));
    return {
      cause: fault.row.cause ?? fault.fault.kind,
      target: fault.fault.target,
      openedAt: isoInstant(fault.firstAt as EpochMs),
      detectedAt: detectedAt === undefined ? null : isoInstant(detectedAt as EpochMs),
      resolvedAt: isHealed ? isoInstant(Math.max(fault.lastAt, alert?.resolvedAt ?? 0, ...gaps.filter(({ openedAt }) => openedAt >= fault.firstAt).map(({ endedAt }) => endedAt ?? 0)) as EpochMs) : null,
      detectionMinutes: detectedAt === undefined ? null : Math.round((detectedAt - fault.firstAt) / 6_000) / 10,
      healedBy: isHealed ? (isOfSource(fault) ? 'source' : 'machine') : 'nobody',
    };
  });
}
