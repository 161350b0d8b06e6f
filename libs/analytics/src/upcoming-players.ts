import type { EpochMs, GameDate, UpcomingPlayerGameContextRow, WithoutProvenance } from '@handoff/contracts';
import type { ScheduledGame } from './box-scores.ts';
import { groupBy } from './grouping.ts';
import { injuryStatusOn, type Injury } from './injuries.ts';
import { resolveLine, type OfferedLines, type PointsLine } from './lines.ts';
import type { PlayerGameSummary } from './player-games.ts';
import { restBefore } from './rest.ts';
import { identityOf, playedBefore, teamsOf, upcomingGames } from './upcoming-teams.ts';

export type UpcomingPlayerContext = WithoutProvenance<UpcomingPlayerGameContextRow>;

/** A player belongs to a slate when he played in one of his team's last games: design section 5. */
const recentGamesMax = 10;

/** What says who is expected: who played for whom, and when. */
export type Appearance = Pick<PlayerGameSummary, 'game_date' | 'nba_game_id' | 'season_year' | 'player_lookup' | 'player_full_name' | 'team_abbr' | 'minutes_played'>;

export interface UpcomingPlayersInput {
  readonly gameDate: GameDate;
  /** The slate; postponed games and those that have tipped off are left out. */
  readonly games: readonly ScheduledGame[];
  /** Player summaries; anything on or after `gameDate` is ignored. */
  readonly history: readonly Appearance[];
  /** Final games of the teams, the last 10 of each at least; anything on or after `gameDate` is ignored. */
  readonly teamGames: readonly ScheduledGame[];
  readonly injuries: readonly Injury[];
  readonly lines: OfferedLines;
  readonly now: EpochMs;
}

/**
 * One row per player who is expected in a game that is still to be played: he has minutes in one of the
 * team's last 10 games, his newest box score is with this team (a traded player leaves the old one as soon
 * as the new one lists him), and he is not ruled out. A missing line is no reason to leave him out.
 */
export function describeUpcomingPlayers(input: UpcomingPlayersInput): readonly UpcomingPlayerContext[] {
  const roster = groupBy(careersOf(input), (career) => career.latest.team_abbr);
  const recentGames = recentGamesByTeam(input);
  const status = injuryStatusOn(input.gameDate, input.injuries);
  const linesOf = lineFinder(input.lines);
  return upcomingGames(input.gameDate, input.games, input.now).flatMap((game) =>
    teamsOf(game).flatMap((team) =>
      (roster.get(team) ?? [])
        .filter((career) => isExpected(career, recentGames.get(team) ?? new Set()))
        .flatMap((career) => contextOf({ career, game, team, status, linesOf, now: input.now })),
    ),
  );
}

/** A player's summaries before the slate, and the newest of them. */
interface Career {
  readonly rows: readonly Appearance[];
  readonly latest: Appearance;
}

function careersOf(input: UpcomingPlayersInput): readonly Career[] {
  const earlier = input.history.filter((row) => row.game_date < input.gameDate);
  return [...groupBy(earlier, (row) => row.player_lookup).values()].map((rows) => ({
    rows,
    latest: rows.reduce((latest, row) => (row.game_date > latest.game_date ? row : latest)),
  }));
}

function isExpected({ rows, latest }: Career, recentGames: ReadonlySet<string>): boolean {
  return rows.some((row) => row.team_abbr === latest.team_abbr && row.minutes_played > 0 && recentGames.has(row.nba_game_id));
}

interface PlayerQuestion {
  readonly career: Career;
  readonly game: ScheduledGame;
  readonly team: string;
  readonly status: ReadonlyMap<string, string>;
  readonly linesOf: (gameId: string, player: string) => OfferedLines;
  readonly now: EpochMs;
}

function contextOf({ career: { rows, latest }, game, team, status, linesOf, now }: PlayerQuestion): readonly UpcomingPlayerContext[] {
  const player = latest.player_lookup;
  const injuryStatus = status.get(player) ?? null;
  if (injuryStatus === 'OUT') return [];
  const played = rows.filter((row) => row.minutes_played > 0 && row.season_year === game.season_year);
  return [
    {
      ...identityOf(game, team),
      player_lookup: player,
      player_full_name: latest.player_full_name,
      ...restBefore(game.game_date, played.map((row) => row.game_date)),
      injury_status: injuryStatus,
      ...resolveLine({ lines: linesOf(game.game_id, player), tipAt: game.tip_at, now }),
    },
  ];
}

function recentGamesByTeam(input: UpcomingPlayersInput): ReadonlyMap<string, ReadonlySet<string>> {
  const played = playedBefore(input.gameDate, input.teamGames).toSorted((a, b) => b.tip_at - a.tip_at);
  const teams = new Set(input.games.flatMap(teamsOf));
  return new Map(
    [...teams].map((team) => [
      team,
      new Set(played.filter((game) => teamsOf(game).includes(team)).slice(0, recentGamesMax).map((game) => game.game_id)),
    ]),
  );
}

function lineFinder(lines: OfferedLines): (gameId: string, player: string) => OfferedLines {
  const keyOf = (line: PointsLine): string => `${line.nba_game_id} ${line.player_lookup}`;
  const oddsApi = groupBy(lines.ODDS_API, keyOf);
  const prizePicks = groupBy(lines.PRIZEPICKS, keyOf);
  return (gameId, player) => ({ ODDS_API: oddsApi.get(`${gameId} ${player}`) ?? [], PRIZEPICKS: prizePicks.get(`${gameId} ${player}`) ?? [] });
}
