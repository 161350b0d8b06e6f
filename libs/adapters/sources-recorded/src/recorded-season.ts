import { createHash } from 'node:crypto';
import { before, hours, type EpochMs, type GameDate, type OfficialGameId, type Tricode } from '@handoff/contracts';

/** A game as it was planned and as it was played. Scores are null when it is not known to have been played. */
export interface RecordedGame {
  readonly officialId: OfficialGameId;
  readonly home: Tricode;
  readonly away: Tricode;
  readonly plannedDate: GameDate;
  readonly plannedTipAt: EpochMs;
  readonly actualDate: GameDate;
  readonly actualTipAt: EpochMs;
  readonly homeScore: number | null;
  readonly awayScore: number | null;
  readonly isNeutralSite: boolean;
  /** True when no source says when it tipped off. */
  readonly isTipAssumed: boolean;
}

/** When it became known that a game moves to another date. */
export interface Announcement {
  readonly officialId: string;
  readonly announcedAt: EpochMs;
  /** True when no source says so and we chose the time; the note says how. */
  readonly isAssumed: boolean;
  readonly note: string;
}

/** The counted statistics, by the league's own column names. */
export const statColumns = ['FGM', 'FGA', 'FG3M', 'FG3A', 'FTM', 'FTA', 'OREB', 'DREB', 'REB', 'AST', 'STL', 'BLK', 'TOV', 'PF', 'PTS'] as const;
export type StatColumn = (typeof statColumns)[number];

/** One player's line in one game. */
export interface RecordedStat {
  readonly officialId: string;
  readonly playerId: number;
  readonly playerName: string;
  readonly team: Tricode;
  readonly minutes: number;
  readonly plusMinus: number | null;
  readonly counts: Readonly<Record<StatColumn, number>>;
}

export type LineSource = 'odds-api' | 'prizepicks';

/** A game as a line source lists it. `gameDate` is the date that the source offers it for, also when it is played on another. */
export interface RecordedEvent {
  readonly source: LineSource;
  readonly gameDate: GameDate;
  readonly officialId: string;
  readonly commenceAt: EpochMs;
}

/** One points line of one player. Prices are American, null where the side is not offered. */
export interface RecordedLine {
  readonly source: LineSource;
  readonly gameDate: GameDate;
  readonly officialId: string;
  readonly bookmaker: string;
  readonly player: string;
  /** The side that the source says he plays for; empty where it does not say. */
  readonly team: string;
  readonly points: number;
  readonly overPrice: number | null;
  readonly underPrice: number | null;
  readonly snapshotAt: EpochMs;
}

/** A change of a player's status, in the source's word; `Available` ends it. */
export interface RecordedInjury {
  readonly knownAt: EpochMs;
  readonly player: string;
  readonly status: string;
  readonly description: string;
}

/** What a season is built from. Everything but the games may be left out. */
export interface SeasonParts {
  readonly games: readonly RecordedGame[];
  readonly stats?: readonly RecordedStat[];
  readonly announcements?: readonly Announcement[];
  readonly events?: readonly RecordedEvent[];
  readonly lines?: readonly RecordedLine[];
  readonly injuries?: readonly RecordedInjury[];
  /** A digest of the files that the parts come from; without it, one of the parts. */
  readonly digest?: string;
}

/** One season or several, in memory: everything that the recorded sources answer from. */
export interface RecordedSeason {
  /** In order of actual tip-off. */
  readonly games: readonly RecordedGame[];
  readonly gamesById: ReadonlyMap<string, RecordedGame>;
  readonly statsByGame: ReadonlyMap<string, readonly RecordedStat[]>;
  /** One for every game whose date moved. */
  readonly announcements: ReadonlyMap<string, Announcement>;
  readonly events: readonly RecordedEvent[];
  readonly lines: readonly RecordedLine[];
  /** In order of `knownAt`. */
  readonly injuries: readonly RecordedInjury[];
  /** The first and last date with a box score; undefined when there is none. */
  readonly dates: { readonly from: GameDate; readonly to: GameDate } | undefined;
  /** `sha256:` and hex: equal content, equal digest. */
  readonly digest: string;
}

/** True for a game that was planned for another date than it was played on. */
export const hasMoved = (game: RecordedGame): boolean => game.plannedDate !== game.actualDate;

// Where nobody says when a move was known: before either tip-off, by the time a postponement usually is.
function assumedAnnouncement(game: RecordedGame): Announcement {
  const firstTip = game.plannedTipAt < game.actualTipAt ? game.plannedTipAt : game.actualTipAt;
  return { officialId: game.officialId, announcedAt: before(firstTip, hours(3)), isAssumed: true, note: 'three hours before the earlier of the two tip-offs' };
}

function announcementsOf({ games, announcements = [] }: SeasonParts): ReadonlyMap<string, Announcement> {
  const given = new Map(announcements.map((announcement) => [announcement.officialId, announcement]));
  return new Map(games.filter(hasMoved).map((game) => [game.officialId, given.get(game.officialId) ?? assumedAnnouncement(game)]));
}

function groupStats(stats: readonly RecordedStat[]): ReadonlyMap<string, readonly RecordedStat[]> {
  const byGame = new Map<string, RecordedStat[]>();
  for (const stat of stats) {
    const known = byGame.get(stat.officialId);
    if (known === undefined) byGame.set(stat.officialId, [stat]);
    else known.push(stat);
  }
  return byGame;
}

/** Builds the model that the recorded sources answer from; tests make tiny seasons with it. */
export function recordedSeason(parts: SeasonParts): RecordedSeason {
  const games = parts.games.toSorted((a, b) => a.actualTipAt - b.actualTipAt || a.officialId.localeCompare(b.officialId));
  const statsByGame = groupStats(parts.stats ?? []);
  const datesWithStats = games.filter(({ officialId }) => statsByGame.has(officialId)).map(({ actualDate }) => actualDate).toSorted();
  const [from, to] = [datesWithStats[0], datesWithStats.at(-1)];
  return {
    games,
    gamesById: new Map(games.map((game) => [game.officialId, game])),
    statsByGame,
    announcements: announcementsOf(parts),
    events: parts.events ?? [],
    lines: parts.lines ?? [],
    injuries: (parts.injuries ?? []).toSorted((a, b) => a.knownAt - b.knownAt),
    dates: from === undefined || to === undefined ? undefined : { from, to },
    digest: parts.digest ?? `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`,
  };
}

/** The same season, as if no source had the box scores of these games; another digest. */
export const withoutBoxScores = (season: RecordedSeason, games: readonly string[]): RecordedSeason => ({
  ...season,
  statsByGame: new Map([...season.statsByGame].filter(([officialId]) => !games.includes(officialId))),
  digest: `sha256:${createHash('sha256').update([season.digest, ...games.toSorted()].join(' ')).digest('hex')}`,
});
