import type { BoundaryUnit, ExpectedUnit } from './boundary-check.ts';
import { predictionUnit, type GradedStepRow, type PredictionStepRow, type SummaryStepRow } from './boundary-units.ts';
import type { EpochMs } from '@handoff/contracts';

export interface GradingFacts {
  readonly gradable: readonly PredictionStepRow[];
  /** The same predictions, with the time from which each should be graded. */
  readonly expected: readonly ExpectedUnit[];
  readonly summaries: readonly SummaryStepRow[];
  readonly graded: readonly GradedStepRow[];
}

export interface GradingCoverage {
  readonly gradable: number;
  readonly graded: number;
  /** Of players who did not play: neither gradable nor graded. */
  readonly voided: number;
  /** 0 to 100; null where nothing is due. */
  readonly coveragePct: number | null;
  readonly severity: 'ok' | 'warning' | 'error' | 'critical';
}

export interface GradingThresholds {
  readonly warningPct: number;
  readonly errorPct: number;
  readonly criticalPct: number;
}

const keyOf = ({ game, unit }: BoundaryUnit): string => `${game}|${unit}`;

/**
 * How much of what can be judged against a line is graded (requirement F182): without a line there is no win rate to
 * lack, a prediction that was taken back is judged by nobody, and one of a player who did not play is void.
 */
export function checkGrading({ gradable, expected, summaries, graded }: GradingFacts, { warningPct, errorPct, criticalPct }: GradingThresholds, now: EpochMs): GradingCoverage {
  const played = new Set(summaries.filter((row) => row.points > 0 || row.minutes_played > 0).map((row) => `${row.nba_game_id}|${row.player_lookup}`));
  const dueAt = new Map(expected.map((unit) => [keyOf(unit), unit.dueAt]));
  const done = new Set(graded.filter((row) => !row.is_voided).map((row) => keyOf(predictionUnit(row))));
  const wanted = gradable.filter((row) => row.current_points_line !== null && played.has(`${row.nba_game_id}|${row.player_lookup}`)).map((row) => keyOf(predictionUnit(row)));
  const judged = wanted.filter((key) => done.has(key) || (dueAt.get(key) ?? Infinity) <= now);
  const count = judged.filter((key) => done.has(key)).length;
  const coveragePct = judged.length === 0 ? null : (100 * count) / judged.length;
  const severity = coveragePct === null || coveragePct >= warningPct ? 'ok' : coveragePct >= errorPct ? 'warning' : coveragePct >= criticalPct ? 'error' : 'critical';
  return { gradable: judged.length, graded: count, voided: graded.filter((row) => row.is_voided).length, coveragePct, severity };
}
