import type { PlayedGame } from '../player-history.ts';

// Half-lives in games: roles change within a week, a player's rate of scoring hardly within a season.
const minutesHalfLife = 3;
const rateHalfLife = 40;

/** Minutes at the league's 0.47 points a minute (2024-25) that every rate is mixed with: two quiet games are not a career. */
const prior = { minutes: 40, pointsPerMinute: 0.47 } as const;

/** Minutes that the player can expect, from his games in ascending order: the last ones count most. */
export function expectedMinutes(games: readonly PlayedGame[]): number {
  const weights = games.map((_, index) => weightOf(games.length - 1 - index, minutesHalfLife));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? 0 : games.reduce((sum, game, index) => sum + (weights[index] ?? 0) * game.minutes_played, 0) / total;
}

/** Expected minutes times the player's rate of scoring: what his role would yield against nobody in particular. */
export function workloadPoints(games: readonly PlayedGame[]): number {
  let points = prior.minutes * prior.pointsPerMinute;
  let minutes: number = prior.minutes;
  for (const [index, game] of games.entries()) {
    const weight = weightOf(games.length - 1 - index, rateHalfLife);
    points += weight * game.points;
    minutes += weight * game.minutes_played;
  }
  return (points / minutes) * expectedMinutes(games);
}

const weightOf = (gamesAgo: number, halfLife: number): number => 0.5 ** (gamesAgo / halfLife);
