import type { PlayerBoxScoreRow, ScheduleRow, WithoutProvenance } from '@handoff/contracts';
import { groupBy } from './grouping.ts';

export type BoxScore = WithoutProvenance<PlayerBoxScoreRow>;
export type ScheduledGame = WithoutProvenance<ScheduleRow>;

/** The rows of one box-score table and the name under which the catalogue knows it. */
export interface BoxScoreSource {
  readonly output: string;
  readonly rows: readonly BoxScore[];
}

/** What the game summaries of phase 3 are made from. */
export interface GameSummaryInput {
  readonly primary: BoxScoreSource;
  /** Those that stand in for it, the preferred one first. */
  readonly alternatives: readonly BoxScoreSource[];
  /** The final games to summarise; box scores of any other game are left alone. */
  readonly games: readonly ScheduledGame[];
}

/** One game's box score, from the one source that was chosen for it. */
export interface GameBoxScore {
  readonly game: ScheduledGame;
  readonly source: string;
  readonly home: readonly BoxScore[];
  readonly away: readonly BoxScore[];
  readonly homePoints: number;
  readonly awayPoints: number;
}

/**
 * Chooses the box score of each game: the primary source where somebody has minutes in it, else the
 * first alternative under the same condition. A source that lists a game without minutes has only the roster yet.
 * Sources are never mixed within a game: their totals would count players twice.
 *
 * Postponed rows and games that no source has are absent from the answer.
 */
export function chooseBoxScores(input: GameSummaryInput): readonly GameBoxScore[] {
  const sources = [input.primary, ...input.alternatives].map(({ output, rows }) => ({
    output,
    games: groupBy(rows, (row) => row.nba_game_id),
  }));
  const chosen: GameBoxScore[] = [];
  for (const game of input.games) {
    if (game.is_postponed) continue;
    for (const { output, games } of sources) {
      const rows = games.get(game.game_id) ?? [];
      if (!rows.some((row) => row.minutes > 0)) continue;
      chosen.push(gameBoxScore(game, output, rows));
      break;
    }
  }
  return chosen;
}

/** The league's code for a game that is over. */
const finalStatus = 3;

function gameBoxScore(game: ScheduledGame, source: string, rows: readonly BoxScore[]): GameBoxScore {
  const isFinal = game.game_status === finalStatus;
  const home = rows.filter((row) => row.team_abbr === game.home_team_tricode);
  const away = rows.filter((row) => row.team_abbr === game.away_team_tricode);
  return {
    game,
    source,
    home,
    away,
    // The official score of a final game decides who won; until the schedule has it, the players' sum does.
    homePoints: (isFinal ? game.home_team_score : null) ?? totalOf(home, 'points'),
    awayPoints: (isFinal ? game.away_team_score : null) ?? totalOf(away, 'points'),
  };
}

type CountColumn = { [Key in keyof BoxScore]: BoxScore[Key] extends number ? Key : never }[keyof BoxScore];

/** Sum of one counted column over the players of a team. */
export const totalOf = (rows: readonly BoxScore[], column: CountColumn): number => rows.reduce((sum, row) => sum + row[column], 0);

/**
 * Estimated possessions of a team or a player's share of them: attempts, 0.44 of the free throws (the share
 * that ends a possession, the league's long-run figure), turnovers, less offensive rebounds.
 */
export const possessionsOf = (rows: readonly BoxScore[]): number => possessionsEnded(rows) - totalOf(rows, 'offensive_rebounds');

/** Possessions that the players ended themselves: the numerator of usage. */
export const possessionsEnded = (rows: readonly BoxScore[]): number =>
  totalOf(rows, 'field_goals_attempted') + 0.44 * totalOf(rows, 'free_throws_attempted') + totalOf(rows, 'turnovers');
