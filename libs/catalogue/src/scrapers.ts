import type { SourceId } from './sources.ts';
import { sources, isSourceEnabled } from './sources.ts';
import type { TableName } from './tables.ts';

/** One endpoint of a source, where its answers are stored, and what they are loaded into. */
export interface Scraper {
  readonly name: string;
  readonly source: SourceId;
  /** Answers are stored at `prefix/date/instant-hash.json`; the longest matching prefix owns a path. */
  readonly storagePrefix: string;
  /** The raw table that phase 2 loads its files into; `skip`: stored and acknowledged, not loaded. */
  readonly loads: TableName | 'skip';
  /**
   * How it is asked: one request per game date, one for a range of dates, one per event of another
   * scraper's answer, or one for the whole season.
   */
  readonly unit: 'date' | 'date-range' | 'event' | 'season';
  /**
   * What an answer speaks for: a row which a newer one no longer has is deleted where it speaks for the games that it
   * lists or for its whole partition. With `rows` a newer row takes the place of an older one and nothing is deleted;
   * with `nothing` answers are snapshots that stand side by side.
   */
  readonly replaces: 'games' | 'partition' | 'rows' | 'nothing';
  /** With `event`: the scraper whose answer lists the events. It is asked first, as part of the same run. */
  readonly eventsFrom?: string;
  /** `pages`: HTML, with the data in a script; absent: JSON. */
  readonly answers?: 'pages';
}

export const scrapers = [
  { name: 'nbac_schedule_api', source: 'nba-com', storagePrefix: 'nba-com/schedule', loads: 'nba_raw.nbac_schedule', unit: 'season', replaces: 'rows' },
  { name: 'bdl_player_box_scores', source: 'balldontlie', storagePrefix: 'ball-dont-lie/player-box-scores', loads: 'nba_raw.bdl_player_boxscores', unit: 'date-range', replaces: 'games' },
  { name: 'nbac_player_boxscore', source: 'nba-com', storagePrefix: 'nba-com/player-boxscores', loads: 'nba_raw.nbac_player_boxscores', unit: 'date-range', replaces: 'games' },
  { name: 'oddsa_events', source: 'odds-api', storagePrefix: 'odds-api/events', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'oddsa_player_props', source: 'odds-api', storagePrefix: 'odds-api/player-props', loads: 'nba_raw.odds_api_player_points_props', unit: 'event', replaces: 'nothing', eventsFrom: 'oddsa_events' },
  { name: 'prizepicks_lines', source: 'prizepicks', storagePrefix: 'prizepicks/lines', loads: 'nba_raw.prizepicks_player_points_lines', unit: 'date', replaces: 'nothing' },
  { name: 'bdl_injuries', source: 'balldontlie', storagePrefix: 'ball-dont-lie/injuries', loads: 'nba_raw.bdl_injuries', unit: 'date', replaces: 'partition' },
  { name: 'bp_events', source: 'bettingpros', storagePrefix: 'bettingpros/events', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'bp_player_props', source: 'bettingpros', storagePrefix: 'bettingpros/player-props', loads: 'skip', unit: 'event', replaces: 'nothing', eventsFrom: 'bp_events' },
  { name: 'espn_scoreboard', source: 'espn', storagePrefix: 'espn/scoreboard', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'espn_boxscore', source: 'espn-pages', storagePrefix: 'espn/boxscores', loads: 'nba_raw.espn_boxscores', unit: 'event', replaces: 'games', eventsFrom: 'espn_scoreboard', answers: 'pages' },
  { name: 'espn_roster', source: 'espn-rosters', storagePrefix: 'espn/rosters', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'nbac_gamebook_pdf', source: 'nba-com-documents', storagePrefix: 'nba-com/gamebooks-pdf', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'nbac_referee_assignments', source: 'nba-com-documents', storagePrefix: 'nba-com/referee-assignments', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'nbac_play_by_play', source: 'nba-com-live', storagePrefix: 'nba-com/play-by-play', loads: 'skip', unit: 'date', replaces: 'nothing' },
  { name: 'bigdataball_pbp', source: 'big-data-ball', storagePrefix: 'big-data-ball', loads: 'skip', unit: 'date', replaces: 'nothing' },
] as const satisfies readonly Scraper[];

export type ScraperName = (typeof scrapers)[number]['name'];

const byName = new Map<string, Scraper>(scrapers.map((scraper) => [scraper.name, scraper]));

/** @throws RangeError for a name that is not in the catalogue. */
export function scraperNamed(name: string): Scraper {
  const scraper = byName.get(name);
  if (scraper === undefined) throw new RangeError(`no scraper ${name} in the catalogue`);
  return scraper;
}

/** True when the scraper's source is asked for this game date. */
export function isScraperEnabled(scraper: Scraper, gameDate: string): boolean {
  const source = sources.find(({ id }) => id === scraper.source);
  return source !== undefined && isSourceEnabled(source, gameDate);
}

/**
 * Who owns a stored path: the scraper with the longest prefix that ends at a slash of it.
 * Undefined for a path under no prefix: an alert and a dead letter, never a success.
 */
export function scraperOfPath(path: string): Scraper | undefined {
  return scrapers
    .filter(({ storagePrefix }) => path.startsWith(`${storagePrefix}/`))
    .reduce<Scraper | undefined>((longest, scraper) => (scraper.storagePrefix.length > (longest?.storagePrefix.length ?? 0) ? scraper : longest), undefined);
}
