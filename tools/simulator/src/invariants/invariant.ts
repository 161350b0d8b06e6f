import type { Fault } from '@handoff/faults';
import type { FaultRow } from '../scenario/fault-table.ts';
import type { FaultedOutcome, Outcome } from '../outcome/outcome.ts';

/** A fault of the run, with its row of the table and when it struck. */
export interface JudgedFault {
  readonly fault: Fault;
  readonly row: FaultRow;
  readonly fired: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What an invariant looks at: a run, and the run of the same dates and configuration without faults. */
export interface Evidence {
  readonly run: FaultedOutcome;
  readonly clean: Outcome;
  /** The faults that struck. */
  readonly faults: readonly JudgedFault[];
  /** COVERAGE_THRESHOLD_PCT of the scenario as a share; undefined: the catalogue's. */
  readonly coverageMin: number | undefined;
  /** What the scenario says that people hear of, as cause and subject; undefined: it does not say. */
  readonly told: readonly string[] | undefined;
}

/** Something that holds whatever goes wrong. */
export interface Invariant {
  readonly name: string;
  /** What it says, for people. */
  readonly promise: string;
  /** Why this evidence says nothing about it; absent, or undefined of evidence: it does. */
  readonly notJudged?: (evidence: Evidence) => string | undefined;
  /** One sentence for each violation. */
  readonly violations: (evidence: Evidence) => readonly string[];
}

/** Violations that are told one by one; of more, how many more there are. */
const toldMax = 20;

export interface InvariantResult {
  readonly name: string;
  readonly held: boolean;
  readonly violations: readonly string[];
  /** Why it could not be judged; what was not is held by nobody's word. */
  readonly notJudged?: string;
}

export function judge(invariant: Invariant, evidence: Evidence): InvariantResult {
  const notJudged = invariant.notJudged?.(evidence);
  if (notJudged !== undefined) return { name: invariant.name, held: true, violations: [], notJudged };
  const violations = invariant.violations(evidence);
  const told = violations.slice(0, toldMax);
  return { name: invariant.name, held: violations.length === 0, violations: violations.length > toldMax ? [...told, `and ${violations.length - toldMax} more`] : told };
}
