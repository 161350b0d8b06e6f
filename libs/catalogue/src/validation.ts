import { minutes } from '@handoff/contracts';
import type { OutputName } from './outputs.ts';

/** A place where what one step holds has to be found again in what the next one made of it. */
export interface Boundary {
  readonly name: BoundaryName;
  readonly from: OutputName;
  readonly to: OutputName;
  /** What is counted: games, players of games, or predictions of players of games. */
  readonly counts: 'games' | 'players' | 'predictions';
}

export type BoundaryName = 'schedule-to-box-scores' | 'box-scores-to-analytics' | 'analytics-to-features' | 'features-to-predictions' | 'predictions-to-grading';

/** The five comparisons of the daily reconciliation (requirement F213), in the order of the work. */
export const boundaries: readonly Boundary[] = [
  { name: 'schedule-to-box-scores', from: 'nba_raw.nbac_schedule', to: 'nba_raw.bdl_player_boxscores', counts: 'games' },
  { name: 'box-scores-to-analytics', from: 'nba_raw.bdl_player_boxscores', to: 'nba_analytics.player_game_summary', counts: 'players' },
  { name: 'analytics-to-features', from: 'nba_analytics.upcoming_player_game_context', to: 'nba_predictions.ml_feature_store_v2', counts: 'players' },
  { name: 'features-to-predictions', from: 'nba_predictions.ml_feature_store_v2', to: 'nba_predictions.player_prop_predictions', counts: 'players' },
  { name: 'predictions-to-grading', from: 'nba_predictions.player_prop_predictions', to: 'nba_predictions.prediction_accuracy', counts: 'predictions' },
];

/** The numbers of the daily reconciliation (requirement F213, reference section 14). */
export const reconciliation = {
  /** Percent of a boundary that has to be there: below these it is told of. */
  warningPct: 95,
  errorPct: 80,
  /** What a step is given for what the step before has just made: twice the slowest phase's time (reference section 14, workflow_health). */
  settleMs: minutes(120),
  /** A date that something was found of is looked at again for so many days. */
  openDays: 14,
} as const;

/** The boundary validator's numbers (requirement F141): shares of the games, 0 to 1, and of the best feature quality. */
export const boundaryValidation = { gameRatioMin: 0.8, gameRatioErrorBelow: 0.5, qualityMin: 0.7 } as const;

/** From which score of 100 a date is called what (requirement F140); below the last it is critical. */
export const scorecardBands = { healthy: 90, degraded: 70, unhealthy: 50 } as const;

/** Graded of what can be graded, in percent: below these it is told of (requirement F182). */
export const gradingCoverage = { warningPct: 95, errorPct: 80, criticalPct: 50 } as const;

/** Players of a game that are summarised, of those in its box score, in percent: below these logged, and told of (requirement F093). */
export const playerCounts = { logBelowPct: 90, alertBelowPct: 80 } as const;

/** The numbers of feature quality, 0 to 100 (requirement F248, reference section 14). */
export const featureQuality = {
  errorBelow: 70,
  criticalBelow: 65,
  /** The mean of the seven days before, less the date's: 79 to 64 went unseen (requirement F248), and a day without any line costs 5.5. */
  dropMax: 10,
  baselineDays: 7,
  /** A feature that was there for all but this share of the players, and is a constant for more than the other: percent. */
  usualDefaultPct: 10,
  holeDefaultPct: 50,
} as const;

/** Mean completeness of a rolling window over the players, in percent: below these it is told of (reference section 14, comprehensive_health_check). */
export const windowCompletenessPct = { errorBelow: 70, criticalBelow: 50 } as const;
