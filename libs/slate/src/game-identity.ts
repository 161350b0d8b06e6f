import {
  DateGameId, GameCode, gameDate, OfficialGameId, PipelineError, type EpochMs, type GameDate, type Tricode,
} from '@handoff/contracts';
import { tricodeOf } from './teams.ts';

/** What identifies a game to every source: the league's id, the Eastern date and the two teams. */
export interface GameIdentity {
  readonly officialId: OfficialGameId;
  readonly gameDate: GameDate;
  readonly home: Tricode;
  readonly away: Tricode;
}

/** A game as sources other than the league know it. */
export type GameParts = Pick<GameIdentity, 'gameDate' | 'home' | 'away'>;

/** A game of the slate for identification: its tip-off as it is known at the time. */
export interface KnownGame extends GameIdentity {
  readonly tipAt: EpochMs;
}

const seasonTypes = { '1': 'preseason', '2': 'regular', '3': 'all-star', '4': 'playoffs', '5': 'play-in', '6': 'cup-final' } as const;

/** What part of a season a game belongs to, as the third digit of its official id says. */
export type SeasonType = (typeof seasonTypes)[keyof typeof seasonTypes];

export interface OfficialIdParts {
  readonly seasonType: SeasonType;
  /** The year the season starts. */
  readonly seasonYear: number;
  readonly number: number;
}

function malformed(kind: string, value: string): PipelineError {
  return new PipelineError({ code: 'game-id-malformed', disposition: 'reject', message: `not ${kind}: ${JSON.stringify(value)}`, facts: { value } });
}

/**
 * Reads `0022500578`: 00, season type, two digits of the season's first year, five of the game.
 *
 * @throws PipelineError `game-id-malformed` (reject) for anything else.
 */
export function parseOfficialId(text: string): OfficialIdParts {
  const parts = /^00([1-6])(\d{2})(\d{5})$/.exec(text);
  const [, type, year, number] = parts ?? [];
  if (type === undefined || !(type in seasonTypes)) throw malformed('an official game id', text);
  // The league's ids of the last century reuse the two digits; no source that we read has them.
  return { seasonType: seasonTypes[type as keyof typeof seasonTypes], seasonYear: 2000 + Number(year), number: Number(number) };
}

/** The official id of these parts, the reverse of parseOfficialId. */
export function officialIdOf(parts: OfficialIdParts): OfficialGameId {
  const type = Object.entries(seasonTypes).find(([, name]) => name === parts.seasonType)?.[0] ?? '';
  const parsed = OfficialGameId.safeParse(`00${type}${String(parts.seasonYear % 100).padStart(2, '0')}${String(parts.number).padStart(5, '0')}`);
  if (!parsed.success) throw malformed('parts of an official game id', JSON.stringify(parts));
  return parsed.data;
}

const compact = (date: GameDate): string => date.replaceAll('-', '');

/** `20260115_MEM_ORL`: date, away, home. */
export const dateGameIdOf = (game: GameParts): DateGameId => DateGameId.parse(`${compact(game.gameDate)}_${game.away}_${game.home}`);

/** `20260115/MEMORL`: date, away, home. */
export const gameCodeOf = (game: GameParts): GameCode => GameCode.parse(`${compact(game.gameDate)}/${game.away}${game.home}`);

function partsOf(pattern: RegExp, kind: string, text: string): GameParts {
  const [, year, month, day, awayText, homeText] = pattern.exec(text) ?? [];
  const away = tricodeOf(awayText ?? '');
  const home = tricodeOf(homeText ?? '');
  if (away === undefined || home === undefined) throw malformed(kind, text);
  try {
    return { gameDate: gameDate(`${year ?? ''}-${month ?? ''}-${day ?? ''}`), away, home };
  } catch (cause) {
    throw new PipelineError({ code: 'game-id-malformed', disposition: 'reject', message: `not ${kind}: ${JSON.stringify(text)}`, facts: { value: text }, cause });
  }
}

/**
 * Reads a date id; a source's own team codes in it are normalised.
 *
 * @throws PipelineError `game-id-malformed` (reject).
 */
export const parseDateGameId = (text: string): GameParts => partsOf(/^(\d{4})(\d{2})(\d{2})_([A-Z]{2,4})_([A-Z]{2,4})$/, 'a date game id', text);

/**
 * Reads a game code; a source's own team codes in it are normalised.
 *
 * @throws PipelineError `game-id-malformed` (reject).
 */
export const parseGameCode = (text: string): GameParts => partsOf(/^(\d{4})(\d{2})(\d{2})\/([A-Z]{3})([A-Z]{3})$/, 'a game code', text);

/** Which game a source means. `reversed`: the teams play that day, but the other one at home. */
export type Resolution<Game extends GameIdentity = GameIdentity> =
  | { readonly kind: 'found'; readonly game: Game }
  | { readonly kind: 'reversed'; readonly game: Game }
  | { readonly kind: 'unknown' };

/** The game of these teams on that date. Swapped teams are said, never silently accepted. */
export function resolveParts<Game extends GameIdentity>(games: readonly Game[], parts: GameParts): Resolution<Game> {
  const sameDay = games.filter((game) => game.gameDate === parts.gameDate);
  const straight = sameDay.find((game) => game.home === parts.home && game.away === parts.away);
  if (straight !== undefined) return { kind: 'found', game: straight };
  const reversed = sameDay.find((game) => game.home === parts.away && game.away === parts.home);
  return reversed === undefined ? { kind: 'unknown' } : { kind: 'reversed', game: reversed };
}

/**
 * Which of the given games is meant by an official id, a date id, a game code, or date and teams. An official
 * id that stands on two dates, since the game moved, means the later one.
 *
 * @throws PipelineError `game-id-malformed` (reject) for text that is none of the three ids.
 */
export function resolveGame<Game extends GameIdentity>(games: readonly Game[], reference: string | GameParts): Resolution<Game> {
  if (typeof reference !== 'string') return resolveParts(games, reference);
  if (reference.includes('_')) return resolveParts(games, parseDateGameId(reference));
  if (reference.includes('/')) return resolveParts(games, parseGameCode(reference));
  parseOfficialId(reference);
  const game = games.filter(({ officialId }) => officialId === reference).reduce<Game | undefined>((latest, next) => (latest === undefined || next.gameDate > latest.gameDate ? next : latest), undefined);
  return game === undefined ? { kind: 'unknown' } : { kind: 'found', game };
}
