import { gameDate, OfficialGameId, Tricode, type GameDate, type ScheduleRow } from '@handoff/contracts';
import type { KnownGame } from './game-identity.ts';

export type GameStatus = 'scheduled' | 'live' | 'final' | 'postponed';

/** A game as it stands on one date. A moved game stands on both: postponed on the old, moved in on the new. */
export interface SlateGame extends KnownGame {
  readonly status: GameStatus;
  readonly homeScore: number | null;
  readonly awayScore: number | null;
  /** True on the date to which the game was moved; it was not planned for it. */
  readonly movedIn: boolean;
}

/** The columns of a schedule row that a slate is made of. */
export type ScheduleFacts = Pick<
  ScheduleRow,
  'game_date' | 'game_id' | 'tip_at' | 'game_status' | 'home_team_tricode' | 'away_team_tricode' | 'home_team_score' | 'away_team_score' | 'is_postponed'
>;

/** Final without a score: how the league's own schedule shows a game that did not take place. */
const isFinalWithoutScore = (row: ScheduleFacts): boolean => row.game_status === 3 && (row.home_team_score === null || row.away_team_score === null);

/**
 * The rows of one game that stand for a date on which it was not played.
 *
 * Said by the source (a flag, or final without a score), that is the answer, also when the game moved to an
 * earlier date. Unsaid, but known on several dates: all but the latest.
 */
function abandonedOf(rowsOfGame: readonly ScheduleFacts[]): ReadonlySet<ScheduleFacts> {
  const said = rowsOfGame.filter((row) => row.is_postponed || isFinalWithoutScore(row));
  const open = rowsOfGame.filter((row) => !said.includes(row));
  const latest = open.reduce<string>((date, row) => (row.game_date > date ? row.game_date : date), '');
  return new Set([...said, ...open.filter((row) => row.game_date !== latest)]);
}

/** True for the row of a game on a date on which it was not, or will not be, played. `rowsOfGame` are its rows of every date. */
export const isAbandoned = (row: ScheduleFacts, rowsOfGame: readonly ScheduleFacts[]): boolean => abandonedOf(rowsOfGame).has(row);

function statusOf(row: ScheduleFacts): GameStatus {
  if (row.game_status === 3) return 'final';
  return row.game_status === 2 ? 'live' : 'scheduled';
}

function gameOf(row: ScheduleFacts, rowsOfGame: readonly ScheduleFacts[]): SlateGame {
  const abandoned = abandonedOf(rowsOfGame);
  const isPostponed = abandoned.has(row);
  return {
    officialId: OfficialGameId.parse(row.game_id),
    gameDate: gameDate(row.game_date),
    tipAt: row.tip_at,
    home: Tricode.parse(row.home_team_tricode),
    away: Tricode.parse(row.away_team_tricode),
    status: isPostponed ? 'postponed' : statusOf(row),
    homeScore: isPostponed ? null : row.home_team_score,
    awayScore: isPostponed ? null : row.away_team_score,
    movedIn: movedInto(row, rowsOfGame, abandoned),
  };
}

/** A date is one that the game moved to when it was given up on another one before. */
function movedInto(row: ScheduleFacts, rowsOfGame: readonly ScheduleFacts[], abandoned: ReadonlySet<ScheduleFacts>): boolean {
  const others = rowsOfGame.filter((other) => other.game_date !== row.game_date && abandoned.has(other));
  // Moved twice: of the dates given up, the first was planned and the ones after it were moved to.
  return abandoned.has(row) ? others.some((other) => other.game_date < row.game_date) : others.length > 0;
}

/**
 * The games of one date, in order of tip-off. `rows` are the schedule rows of every date on which any of them
 * was ever planned: a move is seen only with both of its rows.
 */
export function slateOf(rows: readonly ScheduleFacts[], date: GameDate): readonly SlateGame[] {
  return slateFrom(rows.filter((row) => row.game_date === date), rowsByGame(rows));
}

/** The games of every date that the rows name, each as slateOf has it. */
export function slatesOf(rows: readonly ScheduleFacts[]): ReadonlyMap<GameDate, readonly SlateGame[]> {
  const byGame = rowsByGame(rows);
  const byDate = new Map<string, ScheduleFacts[]>();
  for (const row of rows) byDate.set(row.game_date, [...(byDate.get(row.game_date) ?? []), row]);
  return new Map([...byDate].map(([date, ofDate]) => [gameDate(date), slateFrom(ofDate, byGame)]));
}

function rowsByGame(rows: readonly ScheduleFacts[]): ReadonlyMap<string, readonly ScheduleFacts[]> {
  const byGame = new Map<string, ScheduleFacts[]>();
  for (const row of rows) byGame.set(row.game_id, [...(byGame.get(row.game_id) ?? []), row]);
  return byGame;
}

const slateFrom = (ofDate: readonly ScheduleFacts[], byGame: ReadonlyMap<string, readonly ScheduleFacts[]>): readonly SlateGame[] =>
  ofDate.map((row) => gameOf(row, byGame.get(row.game_id) ?? [row])).toSorted((a, b) => a.tipAt - b.tipAt || a.officialId.localeCompare(b.officialId));

export const isPostponed = (game: SlateGame): boolean => game.status === 'postponed';

/** True when the game was ever planned for this date: moved out included, moved in excluded. */
export const isPlanned = (game: SlateGame): boolean => !game.movedIn;

/** True on the date to which the game was moved. */
export const movedIn = (game: SlateGame): boolean => game.movedIn;
