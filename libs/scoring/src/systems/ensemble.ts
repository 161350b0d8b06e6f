import { roundTo } from '@handoff/contracts';
import { confidenceOf } from '../confidence.ts';
import { knownFeature } from '../features.ts';
import { contextShare, movingAverage } from './moving-average.ts';
import { medianShare, seasonAverageOf, type PredictionInput, type PredictionSystem, type SystemPrediction } from './prediction-system.ts';
import { similarityBalanced } from './similarity.ts';
import { workloadPoints } from './workload.ts';

// Equal shares but for the season's average, which the three others already contain.
const weights = { movingAverage: 0.3, similarity: 0.3, workload: 0.3, season: 0.1 } as const;

/**
 * The line's share where there is one. The line alone beats every model here (2025-26: 2.8 % below the
 * season average's error); at half, the ensemble has most of that and still an opinion of its own.
 */
const lineShare = 0.5;

/** Combines the other systems, the player's workload (minutes times rate), his season average and, if offered, the line. */
export const ensemble: PredictionSystem = { id: 'ensemble_v1', predict };

function predict(input: PredictionInput): SystemPrediction {
  const members = {
    movingAverage: movingAverage.predict(input).points,
    similarity: similarityBalanced.predict(input).points,
    workload: medianShare * workloadPoints(input.games) * contextShare(input),
    season: medianShare * seasonAverageOf(input),
  };
  const own =
    weights.movingAverage * members.movingAverage + weights.similarity * members.similarity + weights.workload * members.workload + weights.season * members.season;
  const line = input.player.current_points_line;
  const points = line === null ? own : lineShare * line + (1 - lineShare) * own;
  const opinions = [...Object.values(members), ...(line === null ? [] : [line])];
  const disagreement = opinions.reduce((sum, opinion) => sum + (opinion - points) ** 2, 0) / opinions.length;
  return {
    points,
    confidence: confidenceOf({
      points, deviation: knownFeature(input.features, 'points_std_last_10'), games: input.games.length, doubt: disagreement, qualityScore: input.features.feature_quality_score,
    }),
    factors: {
      moving_average: roundTo(members.movingAverage, 2), similarity: roundTo(members.similarity, 2), workload: roundTo(members.workload, 2),
      season_average: roundTo(seasonAverageOf(input), 2), line_share: line === null ? 0 : lineShare,
    },
  };
}
