import { groupBy } from '@handoff/analytics';
import type { Prediction } from './predictions.ts';

/** Why a prediction no longer stands. */
export type InvalidationReason = 'game-postponed' | 'player-ruled-out';

const standingKey = (row: Prediction): string => [row.game_date, row.nba_game_id, row.player_lookup, row.system_id].join(' ');

/**
 * The rows to MERGE so that each predicted (date, game, player, system) has exactly one active row.
 *
 * | the new row's line | what happens |
 * |---|---|
 * | never seen | it becomes the active row; every other line's row is inactive and names its line_key |
 * | seen, equal values | the row stands (again, if it was superseded or invalidated) with its original predicted_at |
 * | seen, other values | replaced in place with the new predicted_at: a later revision before tip-off knew more |
 *
 * Superseded rows that already name a successor keep it. Rows of players who are not predicted anew are not in the
 * answer: they stay as they are. Applying the answer again gives the same answer.
 *
 * Both lists must be of before tip-off: predictPlayer refuses to make later ones.
 *
 * @throws RangeError when two new rows claim to be the active one of the same key.
 */
export function supersede(existing: readonly Prediction[], fresh: readonly Prediction[]): readonly Prediction[] {
  const existingByKey = groupBy(existing, standingKey);
  return [...groupBy(fresh, standingKey)].flatMap(([key, rows]) => {
    const [row, second] = rows;
    if (row === undefined || second !== undefined) throw new RangeError(`two new predictions for ${key}`);
    return settle(existingByKey.get(key) ?? [], row);
  });
}

function settle(existing: readonly Prediction[], fresh: Prediction): readonly Prediction[] {
  const sameLine = existing.find((row) => row.line_key === fresh.line_key);
  const standing = sameLine !== undefined && saysTheSame(sameLine, fresh) ? { ...fresh, predicted_at: sameLine.predicted_at } : fresh;
  const others = existing.filter((row) => row.line_key !== fresh.line_key).map((row) => (row.is_active ? { ...row, is_active: false, superseded_by: fresh.line_key } : row));
  return [...others, standing];
}

/** Equal in all that a row says about the game, whatever has become of it since. */
function saysTheSame(a: Prediction, b: Prediction): boolean {
  const meaning = (row: Prediction): string =>
    JSON.stringify(
      [
        row.line_key, row.predicted_points, row.confidence_score, row.recommendation, row.line_source, row.line_source_api, row.sportsbook,
        row.feature_quality_score, row.team_abbr, row.opponent_team_abbr,
      ],
    );
  return meaning(a) === meaning(b);
}

/**
 * Takes predictions out of play. They are kept, inactive, with the first reason that was given; a later prediction of
 * the same line (the player is cleared after all) may stand again. Rows that were invalid before are unchanged.
 */
export const invalidate = (rows: readonly Prediction[], reason: InvalidationReason): readonly Prediction[] =>
  rows.map((row) => (row.invalidation_reason === null ? { ...row, is_active: false, invalidation_reason: reason } : row));
