import { boundaries } from '@handoff/catalogue';
import { roundTo, type DailyScorecardRow, type PhaseBoundaryValidationRow } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import type { BoundaryName } from '@handoff/catalogue';
import type { Reconciliation } from './compare-steps.ts';

const rounded = (value: number | null, scale: number): number | null => (value === null ? null : roundTo(value, scale));

/** The row of daily_scorecard that a date comes to. */
export function scorecardOf(found: Reconciliation): DailyScorecardRow {
  const { gameDate, now, games, checks, grading, phases, score } = found;
  const coverageOf = (name: BoundaryName): number | null => rounded(checks.find(({ boundary }) => boundary === name)?.coveragePct ?? null, 1);
  const played = games.filter(({ status }) => status !== 'postponed');
  const counted = (...statuses: readonly string[]): number => phases.filter(({ status }) => statuses.includes(status)).length;
  return {
    game_date: gameDate, games_expected: played.length, games_postponed: games.length - played.length,
    games_with_box_score: checks.find(({ boundary }) => boundary === 'schedule-to-box-scores')?.gamesPresent ?? 0,
    box_score_coverage_pct: coverageOf('schedule-to-box-scores'), analytics_coverage_pct: coverageOf('box-scores-to-analytics'), features_coverage_pct: coverageOf('analytics-to-features'),
    predictions_coverage_pct: coverageOf('features-to-predictions'), grading_coverage_pct: rounded(grading.coveragePct, 1),
    feature_quality_avg: rounded(found.featureQuality, 2), players_predicted: found.playersPredicted, predictions_count: found.predictions, graded_count: grading.graded, voided_count: grading.voided,
    phases_succeeded: counted('success', 'degraded'), phases_failed: counted('failed', 'partial'),
    score: score.score, status: score.status, is_final: checks.every(({ notDue }) => notDue === 0), observed_at: now,
  };
}

function validationRows({ gameDate, now, checks }: Reconciliation): readonly PhaseBoundaryValidationRow[] {
  return checks.flatMap((check) => boundaries.filter(({ name }) => name === check.boundary).map(({ from, to }) => ({
    game_date: gameDate, boundary: check.boundary, from_output: from, to_output: to, counts: check.counts, expected_count: check.expected, present_count: check.present, not_due_count: check.notDue,
    coverage_pct: rounded(check.coveragePct, 1), severity: check.severity, game_ratio: rounded(check.gameRatio, 4), quality: rounded(check.quality, 4), verdict: check.verdict,
    missing_games: check.incomplete.filter(({ missing, expected }) => missing.length === expected).map(({ game }) => game), observed_at: now,
  })));
}

/** Keeps what was found of a date: its scorecard and its boundaries, one row each, the last look counting. */
export async function keepScorecard(warehouse: Warehouse, found: Reconciliation): Promise<void> {
  await warehouse.merge({ table: 'nba_orchestration.daily_scorecard', rows: [scorecardOf(found)] });
  await warehouse.merge({ table: 'nba_orchestration.phase_boundary_validations', rows: validationRows(found) });
}
