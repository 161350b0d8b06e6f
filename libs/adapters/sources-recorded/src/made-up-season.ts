import { after, before, gameDate, hashOf, hours, minutes, OfficialGameId, type EpochMs, type GameDate, type Tricode } from '@handoff/contracts';
import { addDays, easternTime, requireTricode, teams as league } from '@handoff/slate';
import { recordedSeason, type Announcement, type RecordedGame, type RecordedLine, type RecordedSeason, type RecordedStat, type SeasonParts } from './recorded-season.ts';

export interface MadeUpSeason {
  /** The first date with games; from then on teams meet every day, the first pair at 19:00, the others at 21:30 ET. */
  readonly from: string;
  readonly days: number;
  /** Two, of four teams, when left out; else of the whole league, 15 at most. */
  readonly gamesPerDay?: number;
  /** Per team; the first four of each have points lines. */
  readonly players?: number;
  /** Points added to every player of a date. */
  readonly extraPoints?: (date: GameDate) => number;
  /** A game of a date that is played two days later than planned, and when that is known. */
  readonly move?: { readonly date: string; readonly announcedAt: EpochMs };
  /** Dates without games. */
  readonly without?: readonly string[];
}

const four = ['ORL', 'MEM', 'BOS', 'LAL'].map((code) => requireTricode(code, 'made-up season'));
const teams: readonly Tricode[] = [...four, ...league.map(({ tricode }) => tricode).filter((tricode) => !four.includes(tricode))];
const pairings = [[[0, 1], [2, 3]], [[0, 2], [3, 1]], [[3, 0], [1, 2]]] as const;

/** A number from 0 to `below`, always the same for one text. */
const drawn = (text: string, below: number): number => Number.parseInt(hashOf(text).slice(0, 8), 16) % below;

/** A season of made-up games for tests and simulations: small, whole, and always the same for the same words. */
export function madeUpSeason(words: MadeUpSeason): RecordedSeason {
  const dates = Array.from({ length: words.days }, (_, index) => addDays(gameDate(words.from), index)).filter((date) => words.without?.includes(date) !== true);
  const planned = dates.flatMap((date, day) => gamesOf(date, day, words));
  const stats = planned.flatMap((game) => statsOf(game, words));
  const games = planned.map((game) => withScores(game, stats.filter(({ officialId }) => officialId === game.officialId)));
  return recordedSeason({ games, stats, announcements: announcementsOf(games, words), ...offersOf(games, words) });
}

/** Who meets whom: places in the list of teams. With many games a day the whole list turns by one place each day. */
function pairsOf(day: number, gamesPerDay: number | undefined): readonly (readonly [number, number])[] {
  if (gamesPerDay === undefined) return pairings[day % pairings.length] ?? pairings[0];
  return Array.from({ length: gamesPerDay }, (_, index) => [(2 * index + day) % teams.length, (2 * index + 1 + day) % teams.length] as const);
}

function gamesOf(date: GameDate, day: number, { move, gamesPerDay }: MadeUpSeason): RecordedGame[] {
  const pairs = pairsOf(day, gamesPerDay);
  return pairs.map(([home, away], index) => {
    const plannedTipAt = index === 0 ? easternTime(date, 19, 0) : easternTime(date, 21, 30);
    const hasMoved = move?.date === date && index === 1;
    const actualDate = hasMoved ? addDays(date, 2) : date;
    return {
      officialId: OfficialGameId.parse(`00225${String(day * pairs.length + index + 1).padStart(5, '0')}`), home: teamAt(home), away: teamAt(away), plannedDate: date, plannedTipAt, actualDate,
      actualTipAt: hasMoved ? easternTime(actualDate, 16, 0) : plannedTipAt, homeScore: null, awayScore: null, isNeutralSite: false, isTipAssumed: false,
    };
  });
}

function teamAt(place: number): Tricode {
  const team = teams[place];
  if (team === undefined) throw new RangeError(`the league has no team number ${place}`);
  return team;
}

const playersOf = (team: Tricode, count: number): string[] => Array.from({ length: count }, (_, index) => `${team.slice(0, 1)}${team.slice(1).toLowerCase()} ${String.fromCharCode(65 + index)}man`);

function statsOf(game: RecordedGame, { players = 6, extraPoints }: MadeUpSeason): RecordedStat[] {
  return [game.home, game.away].flatMap((team) => playersOf(team, players).map((playerName, index): RecordedStat => {
    const draw = (what: string, below: number): number => drawn(`${game.officialId}/${playerName}/${what}`, below);
    const [FG3M, twos, FTM] = [draw('three', 4), 2 + draw('two', 7), draw('free', 5) + (extraPoints?.(game.actualDate) ?? 0)];
    const [OREB, DREB] = [draw('offensive', 3), draw('defensive', 8)];
    return {
      officialId: game.officialId, playerId: teams.indexOf(team) * 100 + index + 1, playerName, team, minutes: 18 + draw('minutes', 20), plusMinus: draw('plus', 21) - 10,
      counts: { FGM: twos + FG3M, FGA: twos + FG3M + draw('missed', 8), FG3M, FG3A: FG3M + draw('missed three', 4), FTM, FTA: FTM + draw('missed free', 3), OREB, DREB, REB: OREB + DREB, AST: draw('assists', 9), STL: draw('steals', 3), BLK: draw('blocks', 3), TOV: draw('turnovers', 4), PF: draw('fouls', 5), PTS: 2 * twos + 3 * FG3M + FTM },
    };
  }));
}

function withScores(game: RecordedGame, stats: readonly RecordedStat[]): RecordedGame {
  const scored = (team: Tricode): number => stats.filter((stat) => stat.team === team).reduce((sum, { counts }) => sum + counts.PTS, 0);
  const [homeScore, awayScore] = [scored(game.home), scored(game.away)];
  // A game does not end in a draw.
  return { ...game, homeScore: homeScore === awayScore ? homeScore + 1 : homeScore, awayScore };
}

const announcementsOf = (games: readonly RecordedGame[], { move }: MadeUpSeason): Announcement[] =>
  games.filter(({ plannedDate, actualDate }) => plannedDate !== actualDate && move !== undefined).map(({ officialId }) => ({ officialId, announcedAt: move?.announcedAt as EpochMs, isAssumed: true, note: 'made up' }));

/** Every game is offered by one sportsbook, on the morning and three hours before tip-off; a quarter of the lines move between. */
function offersOf(games: readonly RecordedGame[], { players = 6 }: MadeUpSeason): Pick<SeasonParts, 'events' | 'lines'> {
  const events = games.map(({ officialId, plannedDate, plannedTipAt }) => ({ source: 'odds-api' as const, gameDate: plannedDate, officialId, commenceAt: plannedTipAt }));
  const lines = games.flatMap((game) => [game.home, game.away].flatMap((team) => playersOf(team, Math.min(players, 4)).flatMap((player) => linesOf(game, team, player))));
  return { events, lines };
}

function linesOf({ officialId, plannedDate, plannedTipAt }: RecordedGame, team: Tricode, player: string): RecordedLine[] {
  const opened = 10.5 + drawn(`${officialId}/${player}/line`, 12);
  const moved = drawn(`${officialId}/${player}/moves`, 4) === 0 ? opened + 1 : opened;
  return ([[after(easternTime(plannedDate, 9, 0), minutes(30)), opened], [before(plannedTipAt, hours(3)), moved]] as const).map(([snapshotAt, points]) => ({
    source: 'odds-api', gameDate: plannedDate, officialId, bookmaker: 'draftkings', player, team, points, overPrice: -110, underPrice: -110, snapshotAt,
  }));
}
