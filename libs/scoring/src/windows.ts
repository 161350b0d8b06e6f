import { daysBefore } from '@handoff/analytics';
import { roundTo } from '@handoff/contracts';
import type { PlayedGame, PlayerHistory } from './player-history.ts';
import { mean, ratioOf, standardDeviation } from './statistics.ts';

/**
 * A player's rolling windows as of the morning of a date (reference section 8.3): his last 5 and 10 games,
 * the 7, 14 and 30 calendar days before the date, and the season. 3 decimals; null where a window is empty.
 */
export function windowsOf(history: PlayerHistory, date: string) {
  const last5 = history.games.slice(-5);
  const last10 = history.games.slice(-10);
  const last7Days = since(history.games, daysBefore(date, 7));
  const last14Days = since(history.games, daysBefore(date, 14));
  const { season } = history;
  return {
    games_played_season: season.games,
    games_in_last_7_days: last7Days.length,
    games_in_last_14_days: last14Days.length,
    last_game_date: history.games.at(-1)?.game_date ?? null,
    points_avg_last_5: rounded(mean(last5.map(pointsOf))),
    points_avg_last_10: rounded(mean(last10.map(pointsOf))),
    points_avg_last_7_days: rounded(mean(last7Days.map(pointsOf))),
    points_avg_last_14_days: rounded(mean(last14Days.map(pointsOf))),
    points_avg_last_30_days: rounded(mean(since(history.games, daysBefore(date, 30)).map(pointsOf))),
    points_avg_season: season.games === 0 ? null : rounded(season.points / season.games),
    points_std_last_10: rounded(standardDeviation(last10.map(pointsOf))),
    minutes_avg_last_5: rounded(mean(last5.map(minutesOf))),
    minutes_avg_last_10: rounded(mean(last10.map(minutesOf))),
    minutes_avg_season: season.games === 0 ? null : rounded(season.minutes / season.games),
    usage_rate_last_10: rounded(mean(last10.flatMap((game) => game.usage_rate ?? []))),
    ppm_avg_last_10: rounded(ratioOf(last10, pointsOf, minutesOf)),
    ft_rate_last_10: rounded(ratioOf(last10, (game) => game.ft_attempts, (game) => game.fg_attempts)),
    three_pt_rate_last_10: rounded(ratioOf(last10, (game) => game.three_pt_attempts, (game) => game.fg_attempts)),
  };
}

export const pointsOf = (game: PlayedGame): number => game.points;
export const minutesOf = (game: PlayedGame): number => game.minutes_played;

const rounded = (value: number | null): number | null => (value === null ? null : roundTo(value, 3));

/** The tail of an ascending list from a date on: windows are short, so it is walked from the end. */
function since(games: readonly PlayedGame[], firstDate: string): readonly PlayedGame[] {
  let start = games.length;
  while (start > 0 && (games[start - 1]?.game_date ?? '') >= firstDate) start -= 1;
  return games.slice(start);
}
