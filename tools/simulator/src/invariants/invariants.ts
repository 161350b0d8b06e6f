import { alertsWithinBudget, incidentsEnd, noAlertWithoutCause, toldAsSaid } from './alert-invariants.ts';
import { gapsClosedWithRows, repairsWithinBudget } from './gap-invariants.ts';
import { effectOnce, noNaturalKeyTwice, nothingThroughClosedGate } from './hand-off-invariants.ts';
import type { Invariant } from './invariant.ts';
import { convergentEqualsClean, outputsPresentOrReported, timeBoundEqualsClean } from './output-invariants.ts';
import { messagesBounded, nothingLeftUnfinished } from './work-invariants.ts';

/** What holds in every run, whatever goes wrong: design section 10. */
export const invariants: readonly Invariant[] = [
  outputsPresentOrReported, noNaturalKeyTwice, effectOnce, nothingThroughClosedGate, alertsWithinBudget, noAlertWithoutCause, toldAsSaid, incidentsEnd, nothingLeftUnfinished, gapsClosedWithRows, repairsWithinBudget, messagesBounded, convergentEqualsClean, timeBoundEqualsClean,
];
