import type { Ports } from '@handoff/ports';
import type { BoundaryCheck } from '@handoff/validation';
import type { Reconciliation } from './compare-steps.ts';

/** Names of missing players that an alert carries; `handoff reconcile --detailed` names all. */
const namesMax = 12;

/** Tells of a date whose steps lack too much, one incident for each date, and resolves it once they do not. */
export async function tellFindings({ notifier }: Pick<Ports, 'notifier'>, found: Reconciliation): Promise<void> {
  const { gameDate, now: at, checks, severity, grading } = found;
  if (severity === 'ok') await notifier.resolve('phase-boundary-incomplete', gameDate, at);
  else {
    const below = checks.filter((check) => check.severity !== 'ok');
    const facts = { gameDate, boundaries: below.map(describe), missing: below.flatMap(missingOf).slice(0, namesMax) };
    await notifier.alert({ cause: 'phase-boundary-incomplete', subject: gameDate, severity, title: `${below.map(({ boundary }) => boundary).join(', ')} of ${gameDate} lack what was there before`, facts, at });
  }
  if (grading.severity === 'ok') await notifier.resolve('grading-coverage-low', gameDate, at);
  else {
    const facts = { gameDate, gradable: grading.gradable, graded: grading.graded, coveragePct: Math.floor(grading.coveragePct ?? 0) };
    await notifier.alert({ cause: 'grading-coverage-low', subject: gameDate, severity: grading.severity, title: `${grading.graded} of ${grading.gradable} predictions of ${gameDate} that can be graded are`, facts, at });
  }
}

const describe = ({ boundary, present, expected, counts, coveragePct }: BoundaryCheck): string => `${boundary}: ${present} of ${expected} ${counts} (${Math.floor(coveragePct ?? 0)} %)`;

const missingOf = ({ boundary, counts, incomplete }: BoundaryCheck): readonly string[] =>
  incomplete.map(({ game, missing, expected }) => (counts === 'games' || missing.length === expected ? `${boundary}: ${game}` : `${boundary}: ${game} ${missing.join(', ')}`));
