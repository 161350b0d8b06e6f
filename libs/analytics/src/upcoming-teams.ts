import { roundTo, type EpochMs, type GameDate, type UpcomingTeamGameContextRow, type WithoutProvenance } from '@handoff/contracts';
import type { ScheduledGame } from './box-scores.ts';
import { restBefore } from './rest.ts';

export type UpcomingTeamContext = WithoutProvenance<UpcomingTeamGameContextRow>;

export interface UpcomingTeamsInput {
  readonly gameDate: GameDate;
  /** The slate; postponed games and those that have tipped off are left out. */
  readonly games: readonly ScheduledGame[];
  /** Final games of the season; anything on or after `gameDate` is ignored. */
  readonly history: readonly ScheduledGame[];
  /** (team, game) pairs of nba_analytics.team_offense_game_summary, for completeness. */
  readonly summaries: readonly { readonly team_abbr: string; readonly nba_game_id: string }[];
  readonly now: EpochMs;
}

/** The games of a slate that can still be predicted: neither postponed nor tipped off. */
export const upcomingGames = (gameDate: GameDate, games: readonly ScheduledGame[], now: EpochMs): readonly ScheduledGame[] =>
  games.filter((game) => game.game_date === gameDate && !game.is_postponed && game.tip_at > now);

/** Games with a score before a date. A postponed game is seen as final with null scores: it never happened. */
export const playedBefore = (gameDate: GameDate, games: readonly ScheduledGame[]): readonly ScheduledGame[] =>
  games.filter((game) => game.game_date < gameDate && !game.is_postponed && game.home_team_score !== null && game.away_team_score !== null);

export const teamsOf = (game: ScheduledGame): readonly [string, string] => [game.home_team_tricode, game.away_team_tricode];

/** What both teams of a game need to know about it. */
export const identityOf = (game: ScheduledGame, team: string) => ({
  game_date: game.game_date,
  game_id: `${game.game_date.replaceAll('-', '')}_${game.away_team_tricode}_${game.home_team_tricode}`,
  nba_game_id: game.game_id,
  team_abbr: team,
  opponent_team_abbr: team === game.home_team_tricode ? game.away_team_tricode : game.home_team_tricode,
  is_home: team === game.home_team_tricode,
  tip_at: game.tip_at,
});

/** One row per team of each game that is still to be played. */
export function describeUpcomingTeams(input: UpcomingTeamsInput): readonly UpcomingTeamContext[] {
  const played = playedBefore(input.gameDate, input.history);
  const summarised = new Set(input.summaries.map((row) => `${row.team_abbr} ${row.nba_game_id}`));
  return upcomingGames(input.gameDate, input.games, input.now).flatMap((game) =>
    teamsOf(game).map((team) => {
      const own = played.filter((past) => past.season_year === game.season_year && teamsOf(past).includes(team));
      const present = own.filter((past) => summarised.has(`${team} ${past.game_id}`)).length;
      const wins = own.filter((past) => hasWon(past, team)).length;
      return {
        ...identityOf(game, team),
        ...restBefore(input.gameDate, own.map((past) => past.game_date)),
        season_wins: wins,
        season_losses: own.length - wins,
        completeness_pct: own.length === 0 ? 100 : roundTo((100 * present) / own.length, 1),
      };
    }),
  );
}

function hasWon(game: ScheduledGame, team: string): boolean {
  const margin = (game.home_team_score ?? 0) - (game.away_team_score ?? 0);
  return team === game.home_team_tricode ? margin > 0 : margin < 0;
}
