import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { epochMs, parseInstant, type PlayerBoxScoreRow, type PlayerPointsLineRow, type ScheduleRow, type WithoutProvenance } from '@handoff/contracts';
import { failIfRequired } from './requirement.ts';

/** A season of real rows for specs, as phase 2 would have loaded them. */
export interface RealSeason {
  readonly boxScores: readonly WithoutProvenance<PlayerBoxScoreRow>[];
  /** The final games that have a box score. */
  readonly games: readonly WithoutProvenance<ScheduleRow>[];
}

type Cells = Readonly<Record<string, string>>;

const folder = join('..', 'shared', 'data');

/**
 * Why specs on real data cannot run here, or undefined when they can.
 *
 * @throws Error when the data is required (HANDOFF_REQUIRE names `data`) and absent.
 */
export function realDataMissing(): string | undefined {
  if (existsSync(join(folder, 'box'))) return undefined;
  failIfRequired('data', '../shared/data/box is absent');
  return '../shared/data is absent';
}

const files = {
  '2024-25': { box: 'box/player_box_2024-25.csv.gz', schedule: 'schedule/schedule_2024-25.csv.gz', date: 'game_date_et', tip: 'tip_utc' },
  '2025-26': {
    box: 'box/player_box_2025-26_to_2026-01-26.csv.gz', schedule: 'schedule/schedule_2025-26_merged.csv.gz', date: 'actual_game_date', tip: 'actual_tip_utc',
  },
} as const;

/** Box scores of a regular season with the games that they are of. About 0.3 s. */
export function readRealSeason(season: keyof typeof files): RealSeason {
  const file = files[season];
  const boxCells = readCsv(file.box);
  const played = new Set(boxCells.map((cells) => cells['GAME_ID']));
  const games = readCsv(file.schedule)
    .filter((cells) => played.has(cells['game_id']))
    .map((cells) => scheduleRow({ cells, date: cells[file.date] ?? '', tip: cells[file.tip] ?? '', seasonYear: Number(season.slice(0, 4)) }));
  const byId = new Map(games.map((game) => [game.game_id, game]));
  return { games, boxScores: boxCells.flatMap((cells) => boxScoreRow(cells, byId.get(cells['GAME_ID'] ?? ''))) };
}

/** Points lines of the 2025-26 season whose teams play on the line's date: The Odds API's and PrizePicks'. */
export function readRealLines(games: RealSeason['games']): { ODDS_API: WithoutProvenance<PlayerPointsLineRow>[]; PRIZEPICKS: WithoutProvenance<PlayerPointsLineRow>[] } {
  const byHomeNick = new Map(games.map((game) => [`${game.game_date} ${game.home_team_tricode}`, game]));
  const byTeam = new Map(games.flatMap((game) => [game.home_team_tricode, game.away_team_tricode].map((team) => [`${game.game_date} ${team}`, game] as const)));
  const events = gunzip('props/odds_api_nba_event_odds.ndjson.gz').trim().split('\n').map((line) => JSON.parse(line) as OddsFile);
  const oddsApi = events.flatMap(({ snapshot_date, event }) => oddsLines(event, byHomeNick.get(`${snapshot_date} ${tricodeOf(event.home_team)}`)));
  const prizePicks = readCsv('props/prizepicks_nba_lines.csv.gz')
    .filter((cells) => cells['stat'] === 'Points' && cells['odds_type'] === 'standard' && !(cells['player'] ?? '').includes('+'))
    .flatMap((cells) => prizePicksLine(cells, byTeam.get(`${(cells['start_time_iso'] ?? '').slice(0, 10)} ${cells['team_code'] ?? ''}`)));
  return { ODDS_API: oddsApi, PRIZEPICKS: prizePicks };
}

const gunzip = (path: string): string => gunzipSync(readFileSync(join(folder, path))).toString('utf8');
const readCsv = (path: string): Cells[] => parse(gunzip(path), { columns: true });

/** A rough name key: the product's own is libs/slate's. */
function nameKey(name: string): string {
  const plain = name.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '').toLowerCase().replace(/\s(jr|sr|ii|iii|iv)\.?$/, '').replaceAll(/[^a-z0-9]/g, '');
  return aliases[plain] ?? plain;
}

const aliases: Readonly<Record<string, string>> = {
  bubcarrington: 'carltoncarrington', herbjones: 'herbertjones', moewagner: 'moritzwagner', nicclaxton: 'nicolasclaxton', ronaldholland: 'ronholland', vincewilliams: 'vincentwilliams',
};

interface ScheduleCells { cells: Cells; date: string; tip: string; seasonYear: number }

function scheduleRow({ cells, date, tip, seasonYear }: ScheduleCells): WithoutProvenance<ScheduleRow> {
  const home = cells['home_tricode'] ?? '';
  const away = cells['away_tricode'] ?? '';
  return {
    game_date: date, game_id: cells['game_id'] ?? '', game_code: `${date.replaceAll('-', '')}/${away}${home}`, season_year: seasonYear, tip_at: parseInstant(tip),
    game_status: 3, game_status_text: 'Final', home_team_tricode: home, away_team_tricode: away,
    home_team_score: Number(cells['home_score']), away_team_score: Number(cells['away_score']), is_postponed: false, is_neutral_site: false,
  };
}

function boxScoreRow(cells: Cells, game: WithoutProvenance<ScheduleRow> | undefined): WithoutProvenance<PlayerBoxScoreRow>[] {
  if (game === undefined) return [];
  const count = (column: string): number => Number(cells[column]);
  return [{
    game_date: game.game_date, game_id: `${game.game_date.replaceAll('-', '')}_${game.away_team_tricode}_${game.home_team_tricode}`, nba_game_id: game.game_id,
    season_year: game.season_year, home_team_abbr: game.home_team_tricode, away_team_abbr: game.away_team_tricode, home_team_score: game.home_team_score, away_team_score: game.away_team_score,
    team_abbr: cells['TEAM_ABBREVIATION'] ?? '', player_lookup: nameKey(cells['PLAYER_NAME'] ?? ''), player_full_name: cells['PLAYER_NAME'] ?? '', source_player_id: cells['PLAYER_ID'] ?? '',
    minutes: count('MIN'), points: count('PTS'), assists: count('AST'), rebounds: count('REB'), offensive_rebounds: count('OREB'), defensive_rebounds: count('DREB'),
    steals: count('STL'), blocks: count('BLK'), turnovers: count('TOV'), personal_fouls: count('PF'), field_goals_made: count('FGM'), field_goals_attempted: count('FGA'),
    three_pointers_made: count('FG3M'), three_pointers_attempted: count('FG3A'), free_throws_made: count('FTM'), free_throws_attempted: count('FTA'), plus_minus: count('PLUS_MINUS'),
  }];
}

interface OddsOutcome { name: string; description: string; price: number; point: number }
interface OddsEvent { id: string; home_team: string; bookmakers?: { key: string; markets: { key: string; last_update: string; outcomes: OddsOutcome[] }[] }[] }
interface OddsFile { snapshot_date: string; event: OddsEvent }

function oddsLines(event: OddsEvent, game: WithoutProvenance<ScheduleRow> | undefined): WithoutProvenance<PlayerPointsLineRow>[] {
  if (game === undefined) return [];
  const lines = new Map<string, WithoutProvenance<PlayerPointsLineRow>>();
  for (const book of event.bookmakers ?? []) {
    for (const market of book.markets.filter(({ key }) => key === 'player_points')) {
      for (const outcome of market.outcomes) {
        const key = `${book.key} ${outcome.description} ${outcome.point}`;
        const line = lines.get(key) ?? lineRow({ game, event: event.id, book: book.key, player: outcome.description, points: outcome.point, snapshotAt: parseInstant(market.last_update) });
        lines.set(key, { ...line, [outcome.name === 'Over' ? 'over_price_american' : 'under_price_american']: outcome.price });
      }
    }
  }
  return [...lines.values()];
}

function prizePicksLine(cells: Cells, game: WithoutProvenance<ScheduleRow> | undefined): WithoutProvenance<PlayerPointsLineRow>[] {
  if (game === undefined) return [];
  return [lineRow({ game, event: cells['prizepicks_game_id'] ?? '', book: 'prizepicks', player: cells['player'] ?? '', points: Number(cells['line']), snapshotAt: parseInstant(cells['scraped_at'] ?? '') })];
}

interface LineFacts { game: WithoutProvenance<ScheduleRow>; event: string; book: string; player: string; points: number; snapshotAt: number }

function lineRow({ game, event, book, player, points, snapshotAt }: LineFacts): WithoutProvenance<PlayerPointsLineRow> {
  return {
    game_date: game.game_date, game_id: game.game_code, nba_game_id: game.game_id, source_event_id: event, bookmaker: book, player_lookup: nameKey(player), player_name: player,
    line_key: String(Math.round(points * 10)), points_line: points, over_price_american: null, under_price_american: null, snapshot_at: epochMs(snapshotAt),
    minutes_before_tipoff: Math.floor((game.tip_at - snapshotAt) / 60_000), is_usable: snapshotAt < game.tip_at,
  };
}

const tricodes: Readonly<Record<string, string>> = {
  Hawks: 'ATL', Celtics: 'BOS', Nets: 'BKN', Hornets: 'CHA', Bulls: 'CHI', Cavaliers: 'CLE', Mavericks: 'DAL', Nuggets: 'DEN', Pistons: 'DET', Warriors: 'GSW',
  Rockets: 'HOU', Pacers: 'IND', Clippers: 'LAC', Lakers: 'LAL', Grizzlies: 'MEM', Heat: 'MIA', Bucks: 'MIL', Timberwolves: 'MIN', Pelicans: 'NOP', Knicks: 'NYK',
  Thunder: 'OKC', Magic: 'ORL', '76ers': 'PHI', Suns: 'PHX', Blazers: 'POR', Kings: 'SAC', Spurs: 'SAS', Raptors: 'TOR', Jazz: 'UTA', Wizards: 'WAS',
};

const tricodeOf = (fullName: string): string => tricodes[fullName.split(' ').at(-1) ?? ''] ?? '';
