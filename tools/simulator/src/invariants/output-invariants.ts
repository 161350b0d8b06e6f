import { followsFromTimeBound, isOutputReported } from './reported.ts';
import { alertOf } from './alert-invariants.ts';
import { alertsBeyondClean } from './alerts-of-run.ts';
import { describeHarm, harmsOf, type Harm } from './harm.ts';
import { endedTooSoon } from './healing-time.ts';
import type { Invariant } from './invariant.ts';

/** Outputs that were possible again, and are not there. */
export const outputsPresentOrReported: Invariant = {
  name: 'outputs-present-or-reported',
  promise: 'Every output that became possible is present at the end, or FAILED or MISSED in the ledger with an incident of its time; what was due when everything was over and healed is present.',
  violations: (evidence) => harmsOf(evidence).filter(({ kind }) => kind === 'missing').filter((harm) => !isOutputReported(harm, evidence)).map(describeHarm),
};

export const convergentEqualsClean: Invariant = {
  name: 'convergent-outputs-equal-clean',
  promise: 'When the machine has had its time to heal, convergent outputs equal those of a clean run, but for what follows from time-bound ones that do not; where a fault cannot be recovered from without people, who were told, they may be missing or different.',
  notJudged: endedTooSoon,
  violations: (evidence) => {
    const { faults } = evidence;
    const harms = harmsOf(evidence).filter((harm) => harm.recovery === 'convergent' && !followsFromTimeBound(harm, evidence));
    const forPeople = faults.filter(({ row }) => !row.isRecoverable);
    const alerts = alertsBeyondClean(evidence);
    const isLeftToPeople = (harm: Harm): boolean => isOutputReported(harm, evidence) || forPeople.some((fault) => fault.row.cause !== undefined && alertOf(fault, evidence, alerts) !== undefined);
    const unforgiven = forPeople.length === 0 ? harms : harms.filter((harm) => !isLeftToPeople(harm));
    return unforgiven.map(describeHarm);
  },
};

export const timeBoundEqualsClean: Invariant = {
  name: 'time-bound-outputs-equal-clean',
  promise: 'Time-bound outputs end equal to those of a clean run for games whose inputs came before tip-off; the rest is reported.',
  violations: (evidence) => harmsOf(evidence).filter(({ recovery }) => recovery === 'time-bound').filter((harm) => !isOutputReported(harm, evidence)).map(describeHarm),
};
