import { groupBy, type PlayerGameSummary } from '@handoff/analytics';

/** What windows, features and systems read of a player's game. */
export type PlayedGame = Pick<
  PlayerGameSummary,
  | 'game_date' | 'nba_game_id' | 'season_year' | 'player_lookup' | 'team_abbr' | 'opponent_team_abbr' | 'is_home' | 'minutes_played' | 'points'
  | 'fg_attempts' | 'three_pt_attempts' | 'ft_makes' | 'ft_attempts' | 'usage_rate'
>;

/**
 * Games with minutes by player, each list in ascending order of date. Made once, asked for many dates: a
 * slate then costs a binary search per player.
 */
export type PlayerGames = ReadonlyMap<string, readonly PlayedGame[]>;

/** What a player did this season in games that were not loaded one by one. */
export interface SeasonTotals {
  readonly games: number;
  readonly points: number;
  readonly minutes: number;
}

/** A player as of the morning of a slate: everything in it lies strictly before that date. */
export interface PlayerHistory {
  /** This season's games with minutes, ascending by date. */
  readonly games: readonly PlayedGame[];
  /** This season, games that were not loaded included. */
  readonly season: SeasonTotals;
}

export interface HistoryQuestion {
  readonly date: string;
  readonly seasonYear: number;
  /** Season totals of the games that the caller left out of `games`, up to the same date; none when all were loaded. */
  readonly unloaded?: SeasonTotals;
}

const nothing: SeasonTotals = { games: 0, points: 0, minutes: 0 };

/** Groups summaries by player. Rows without minutes are left out: they are no performance, they are an absence. */
export function groupPlayerGames(rows: readonly PlayedGame[]): PlayerGames {
  const played = rows.filter((row) => row.minutes_played > 0);
  return new Map([...groupBy(played, (row) => row.player_lookup)].map(([player, games]) => [player, games.toSorted(byDate)]));
}

const byDate = (a: PlayedGame, b: PlayedGame): number => (a.game_date < b.game_date ? -1 : a.game_date > b.game_date ? 1 : 0);

/** The part of a player's games that lies strictly before a date and in its season. */
export function historyBefore(games: readonly PlayedGame[], question: HistoryQuestion): PlayerHistory {
  const end = firstOnOrAfter(games, question.date);
  const season = { ...(question.unloaded ?? nothing) };
  let start = end;
  // One walk back to the season's first game: this runs for every player of every date of a replayed season.
  for (let game = games[start - 1]; game?.season_year === question.seasonYear; game = games[start - 1]) {
    season.games += 1;
    season.points += game.points;
    season.minutes += game.minutes_played;
    start -= 1;
  }
  return { games: games.slice(start, end), season };
}

function firstOnOrAfter(games: readonly PlayedGame[], date: string): number {
  let low = 0;
  let high = games.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((games[middle]?.game_date ?? '') < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
