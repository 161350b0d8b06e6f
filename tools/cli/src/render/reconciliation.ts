import pc from 'picocolors';
import type { ShownReconciliation } from '../commands/reconcile.ts';
import { table } from './table.ts';

const colours: Readonly<Record<string, (text: string) => string>> = { ok: pc.green, warning: pc.yellow, error: pc.red, critical: pc.red };
const coloured = (severity: string): string => (colours[severity] ?? pc.reset)(severity);
const percent = (value: number | null): string => (value === null ? 'nothing due' : `${(Math.floor(value * 10) / 10).toFixed(1)} %`);

/** A reconciliation for people: one line for each boundary, then what is missing. */
export function renderReconciliation(found: ShownReconciliation): string {
  if (found.status === 'no-games') return `${pc.bold(found.gameDate)}: no games.`;
  const { games, boundaries, grading, score, scoreStatus } = found;
  const rows = boundaries.map(({ boundary, present, expected, counts, notDue, coveragePct, severity }) => [boundary, `${present}/${expected} ${counts}`, String(notDue), percent(coveragePct), coloured(severity)]);
  return [
    `${pc.bold(found.gameDate)}: ${games.scheduled} games${games.postponed.length === 0 ? '' : `, postponed ${games.postponed.join(', ')}`}; score ${score ?? 'none'} (${scoreStatus})`,
    table(['boundary', 'there', 'not due', 'coverage', 'status'], rows, [1, 2, 3]),
    `grading: ${grading.graded} of ${grading.gradable} with a line, ${grading.voided} voided: ${percent(grading.coveragePct)} ${coloured(grading.severity)}`,
    ...boundaries.flatMap(({ boundary, incomplete = [] }) => incomplete.map(({ game, missing, expected }) => `${boundary} ${game}: ${missing.length} of ${expected} missing: ${missing.join(', ')}`)),
  ].join('\n\n');
}
