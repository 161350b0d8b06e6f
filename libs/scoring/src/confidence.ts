import { roundTo } from '@handoff/contracts';
import { clamp } from './statistics.ts';

export interface ConfidenceQuestion {
  readonly points: number;
  /** Standard deviation of the player's own last games; null with fewer than two. */
  readonly deviation: number | null;
  readonly games: number;
  /** Variance that the system's own doubt adds, in points squared. */
  readonly doubt: number;
  readonly qualityScore: number;
}

/**
 * The variance of a miss by the points predicted, in points squared: 13 and 2.35 a point (2024-25: 16 below
 * 3 points, 38 at 10, 68 at 25). A player's own last games say less than that until there are many.
 */
const typicalVariance = (points: number): number => 13 + 2.35 * Math.max(0, points);
const gamesUntilOwn = 20;

/**
 * The chance that the player ends within 5 points of the prediction, 0 to 1, 3 decimals. Below normal
 * quality (70) it shrinks with the score: features that are constants know nothing of this player.
 */
export function confidenceOf({ points, deviation, games, doubt, qualityScore }: ConfidenceQuestion): number {
  const ownWeight = deviation === null ? 0 : Math.min(games, 10) / (Math.min(games, 10) + gamesUntilOwn);
  const variance = ownWeight * (deviation ?? 0) ** 2 + (1 - ownWeight) * typicalVariance(points) + doubt;
  const within5 = 2 * normalShareBelow(5 / Math.sqrt(variance)) - 1;
  return roundTo(clamp(within5 * Math.min(1, qualityScore / 70), 0, 1), 3);
}

/** The normal distribution's share below z, by the logistic approximation with factor 1.702 (error below 0.01). */
const normalShareBelow = (z: number): number => 1 / (1 + Math.exp(-1.702 * z));
