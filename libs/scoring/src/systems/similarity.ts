import { daysBetween } from '@handoff/analytics';
import { roundTo } from '@handoff/contracts';
import { confidenceOf } from '../confidence.ts';
import { knownFeature } from '../features.ts';
import { clamp, mean } from '../statistics.ts';
import { medianShare, seasonAverageOf, type PredictionInput, type PredictionSystem, type SystemPrediction } from './prediction-system.ts';
import { expectedMinutes } from './workload.ts';
import type { PlayedGame } from '../player-history.ts';

/**
 * How far apart two games may be in each respect and still count as alike: at this distance in one respect
 * a game's weight falls to 0.61. Found on 2024-25, checked on 2025-26: minutes matter most.
 */
const reach = { minutes: 6, defensiveRating: 4, restDays: 2, formPoints: 5, otherCourt: 1.5 } as const;

/** Games alike that it takes to move half way from the season's average. */
const gamesToHalfway = 4;

/**
 * Predicts from the player's own games this season that are most like tonight's in minutes (against those
 * expected), opponent defence, rest, court and form before the game, drawn to the season's average the more,
 * the fewer games are alike.
 */
export const similarityBalanced: PredictionSystem = { id: 'similarity_balanced_v1', predict };

function predict(input: PredictionInput): SystemPrediction {
  const average = seasonAverageOf(input);
  const tonight = tonightOf(input);
  let alike = 0;
  let points = 0;
  let squares = 0;
  for (const [index, game] of input.games.entries()) {
    const weight = Math.exp(-distanceSquared(tonight, situationOf(input, game, index)) / 2);
    alike += weight;
    points += weight * game.points;
    squares += weight * game.points ** 2;
  }
  const ofAlike = alike === 0 ? average : points / alike;
  const trust = alike / (alike + gamesToHalfway);
  const predicted = Math.max(0, medianShare * (average + trust * (ofAlike - average)));
  const spread = alike < 2 ? null : Math.sqrt(Math.max(0, squares / alike - ofAlike ** 2));
  return {
    points: predicted,
    confidence: confidenceOf({
      points: predicted, deviation: spread, games: Math.floor(alike), doubt: (1 - trust) ** 2, qualityScore: input.features.feature_quality_score,
    }),
    factors: { season_average: roundTo(average, 2), similar_average: roundTo(ofAlike, 2), similar_games: roundTo(alike, 2), expected_minutes: roundTo(tonight.minutes, 2) },
  };
}

interface Situation {
  readonly minutes: number;
  readonly defensiveRating: number;
  readonly restDays: number;
  readonly formPoints: number;
  readonly isHome: boolean;
}

function tonightOf(input: PredictionInput): Situation {
  return {
    minutes: expectedMinutes(input.games),
    defensiveRating: knownFeature(input.features, 'opponent_def_rating') ?? input.league.league.defensiveRating,
    restDays: clamp(input.player.days_rest ?? 4, 1, 4),
    formPoints: formOf(input.games.slice(-5)),
    isHome: input.player.is_home,
  };
}

/** A past game as it looked before it, but for the opponent, who is rated by all that is known today. */
function situationOf({ games, league }: PredictionInput, game: PlayedGame, index: number): Situation {
  const previous = games[index - 1];
  return {
    minutes: game.minutes_played,
    defensiveRating: league.teams.get(game.opponent_team_abbr)?.defensiveRating ?? league.league.defensiveRating,
    restDays: previous === undefined ? 4 : clamp(daysBetween(previous.game_date, game.game_date), 1, 4),
    formPoints: formOf(index === 0 ? games : games.slice(Math.max(0, index - 5), index)),
    isHome: game.is_home,
  };
}

const formOf = (games: readonly PlayedGame[]): number => mean(games.map((game) => game.points)) ?? 0;

const distanceSquared = (a: Situation, b: Situation): number =>
  ((a.minutes - b.minutes) / reach.minutes) ** 2 +
  ((a.defensiveRating - b.defensiveRating) / reach.defensiveRating) ** 2 +
  ((a.restDays - b.restDays) / reach.restDays) ** 2 +
  ((a.formPoints - b.formPoints) / reach.formPoints) ** 2 +
  (a.isHome === b.isHome ? 0 : 1 / reach.otherCourt ** 2);
