import { roundTo, type EpochMs, type PredictionRow, type WithoutProvenance } from '@handoff/contracts';
import { refuseContradictedLine } from './line-invariant.ts';
import { lineKeyOf } from './line-key.ts';
import { judgeQuality, type QualityVerdict } from './quality.ts';
import { recommend } from './recommendation.ts';
import type { PredictionInput, PredictionSystem } from './systems/prediction-system.ts';

/** A prediction as written; `predicted_at` is its own, the rest of the provenance is the writer's. */
export type Prediction = WithoutProvenance<PredictionRow>;

/** Whether a game may still be predicted. */
export type Predictability = { readonly verdict: 'predictable' } | { readonly verdict: 'refused'; readonly reason: 'tipped-off'; readonly tipAt: EpochMs };

/** Nothing is predicted at tip-off or after it: from then on the answer is being played. */
export const isPredictable = (tipAt: EpochMs, now: EpochMs): Predictability =>
  now < tipAt ? { verdict: 'predictable' } : { verdict: 'refused', reason: 'tipped-off', tipAt };

/**
 * What became of one player: a row per system, or the reason for none. Every reason is permanent for this
 * input: trying again changes nothing until newer features arrive.
 */
export type PlayerPrediction =
  | { readonly verdict: 'predicted'; readonly rows: readonly Prediction[] }
  | { readonly verdict: 'skipped'; readonly reason: 'tipped-off' | 'no-historical-data' | 'quality-below-minimum' };

export interface PlayerPredictionInput extends PredictionInput {
  readonly systems: readonly PredictionSystem[];
  readonly now: EpochMs;
}

/**
 * Predicts one player with every system, or says why not: the game has tipped off, he has no game with
 * minutes this season, or the features' quality is below 50 (reference section 9.3).
 *
 * @throws RangeError when features and player are of different games, and `line-source-contradicted` (reject) for a
 *   player whose context contradicts itself about his line.
 */
export function predictPlayer(input: PlayerPredictionInput): PlayerPrediction {
  const { player, features, games, now } = input;
  if (features.nba_game_id !== player.nba_game_id || features.player_lookup !== player.player_lookup || features.game_date !== player.game_date)
    throw new RangeError(`features of ${features.player_lookup} in ${features.nba_game_id} given for ${player.player_lookup} in ${player.nba_game_id}`);
  refuseContradictedLine(player);
  if (isPredictable(player.tip_at, now).verdict === 'refused') return { verdict: 'skipped', reason: 'tipped-off' };
  if (games.length === 0) return { verdict: 'skipped', reason: 'no-historical-data' };
  const quality = judgeQuality(features.feature_quality_score);
  if (quality === 'skip') return { verdict: 'skipped', reason: 'quality-below-minimum' };
  return { verdict: 'predicted', rows: input.systems.map((system) => predictionRow(input, system, quality)) };
}

function predictionRow(input: PlayerPredictionInput, system: PredictionSystem, quality: QualityVerdict): Prediction {
  const { player, features, now } = input;
  const { points, confidence, factors } = system.predict(input);
  const predicted = roundTo(points, 2);
  const line = player.current_points_line;
  const margin = line === null ? null : roundTo(predicted - line, 2);
  return {
    game_date: player.game_date,
    game_id: player.game_id,
    nba_game_id: player.nba_game_id,
    player_lookup: player.player_lookup,
    player_full_name: player.player_full_name,
    system_id: system.id,
    line_key: lineKeyOf(line),
    team_abbr: player.team_abbr,
    opponent_team_abbr: player.opponent_team_abbr,
    predicted_points: predicted,
    confidence_score: confidence,
    recommendation: recommend({ margin, quality }),
    // Derived, never copied: the two disagreed in 218 of 222 rows of one day (reference section 9.2).
    has_prop_line: player.line_source === 'ACTUAL_PROP',
    line_source: player.line_source,
    line_source_api: player.line_source_api,
    sportsbook: player.sportsbook,
    current_points_line: line,
    line_margin: margin,
    feature_quality_score: features.feature_quality_score,
    is_active: true,
    superseded_by: null,
    invalidation_reason: null,
    factors: { ...factors, quality },
    predicted_at: now,
  };
}
