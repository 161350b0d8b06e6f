import { VirtualClock } from '@handoff/clock-virtual';
import { scraperNamed, tableNamed } from '@handoff/catalogue';
import { gameDate, OfficialGameId, parseInstant, PipelineError, Tricode, type EpochMs, type Row } from '@handoff/contracts';
import { parseOddsEvents, transformOf, type ParsedPayload, type TransformContext } from '@handoff/payloads';
import { gameDateOf, type KnownGame } from '@handoff/slate';
import { loadRecordings, RecordedSource } from '@handoff/sources-recorded';
import { brokenShape, breakAt, placesOf, valueAt, type Place } from '@handoff/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

const season = loadRecordings('tools/local/recordings/nba');
const date = gameDate('2026-01-24');
const played = season.games.filter((game) => game.actualDate === date);
const games: readonly KnownGame[] = played.map((game) => ({ officialId: OfficialGameId.parse(game.officialId), gameDate: gameDateOf(game.actualTipAt), tipAt: game.actualTipAt, away: Tricode.parse(game.away), home: Tricode.parse(game.home) }));

const fetched = async (at: EpochMs, path: string, query: Readonly<Record<string, string>> = {}): Promise<string> => {
  const response = await new RecordedSource(season, new VirtualClock(at)).fetch({ scraper: 'spec', path, query });
  expect(response.status).toBe(200);
  return new TextDecoder().decode(response.body);
};

interface Recorded {
  readonly scraper: string;
  readonly at: EpochMs;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Cuts a recorded answer down to some entries of each kind, so that every field is met often. */
  readonly cut: (answer: never) => unknown;
  /** Fields without which there is no row: their answers are refused, or the entry is left out and counted. */
  readonly required: readonly string[];
  /** How deep the entries of the list are that become a row each. */
  readonly entryDepth: number;
}

const afterwards = parseInstant('2026-01-25T12:00:00Z');
const before = parseInstant('2026-01-24T18:00:00Z');
const eventList = await fetched(before, '/v4/sports/basketball_nba/events');
const offered = await Promise.all(parseOddsEvents(eventList, { path: 'a/b.json', games }).events.filter(({ game }) => game !== undefined).map(async ({ eventId }) => ({ eventId, text: await fetched(before, `/v4/sports/basketball_nba/events/${eventId}/odds`) })));
const event = offered.reduce((left, right) => (right.text.length > left.text.length ? right : left));
const recorded: readonly Recorded[] = [
  { scraper: 'bdl_player_box_scores', at: afterwards, path: '/v1/stats', query: { start_date: date, end_date: date, per_page: '100' }, cut: (answer: { data: unknown[]; meta: unknown }) => ({ data: answer.data.slice(0, 6), meta: answer.meta }), required: ['data', 'pts', 'ast', 'reb', 'oreb', 'dreb', 'stl', 'blk', 'turnover', 'pf', 'fgm', 'fga', 'fg3m', 'fg3a', 'ftm', 'fta', 'player', 'first_name', 'last_name', 'team', 'abbreviation', 'game', 'date', 'status', 'home_team_id', 'visitor_team_id'], entryDepth: 2 },
  { scraper: 'nbac_player_boxscore', at: afterwards, path: '/stats/leaguegamelog', query: { LeagueID: '00', Season: '2025-26', SeasonType: 'Regular Season', PlayerOrTeam: 'P', DateFrom: date, DateTo: date }, cut: (answer: { resultSets: { name: string; headers: string[]; rowSet: unknown[] }[] }) => ({ resultSets: answer.resultSets.map((set) => ({ ...set, rowSet: set.rowSet.slice(0, 5) })) }), required: ['resultSets', 'headers', 'rowSet', 'name', 'PLAYER_NAME', 'TEAM_ABBREVIATION', 'GAME_ID', 'GAME_DATE', 'PTS', 'AST', 'REB', 'FGM', 'FGA'], entryDepth: 4 },
  { scraper: 'nbac_schedule_api', at: afterwards, path: '/stats/scheduleleaguev2', query: { LeagueID: '00', Season: '2025-26' }, cut: (answer: { leagueSchedule: { gameDates: { games: unknown[] }[] } }) => ({ leagueSchedule: { gameDates: answer.leagueSchedule.gameDates.slice(40, 42).map((day) => ({ ...day, games: day.games.slice(0, 3) })) } }), required: ['leagueSchedule', 'gameDates', 'games', 'gameId', 'gameStatus', 'gameStatusText', 'gameDateTimeUTC', 'homeTeam', 'awayTeam', 'teamTricode'], entryDepth: 5 },
  { scraper: 'oddsa_player_props', at: before, path: `/v4/sports/basketball_nba/events/${event.eventId}/odds`, query: {}, cut: (answer: { bookmakers: { markets: { outcomes: unknown[] }[] }[] }) => ({ ...answer, bookmakers: answer.bookmakers.slice(0, 2).map((book) => ({ ...book, markets: book.markets.map((market) => ({ ...market, outcomes: market.outcomes.slice(0, 4) })) })) }), required: ['id', 'commence_time', 'home_team', 'away_team', 'bookmakers', 'key', 'markets', 'last_update', 'outcomes', 'name', 'description', 'price', 'point'], entryDepth: 6 },
  { scraper: 'prizepicks_lines', at: before, path: '/projections', query: { league: 'NBA' }, cut: (answer: { props: unknown[] }) => ({ ...answer, props: answer.props.slice(0, 8) }), required: ['scrapedAt', 'props', 'player', 'stat', 'line', 'oddsType', 'startTimeIso', 'teamCode', 'opponentCode'], entryDepth: 2 },
  { scraper: 'bdl_injuries', at: before, path: '/v1/player_injuries', query: { per_page: '100' }, cut: (answer: { data: unknown[]; meta: unknown }) => ({ data: answer.data.slice(0, 8), meta: answer.meta }), required: ['data', 'player', 'first_name', 'last_name', 'status'], entryDepth: 2 },
];

const answerOf = async ({ at, path, query, cut }: Recorded): Promise<unknown> => cut(JSON.parse(await fetched(at, path, query)) as never);


const tableOf = (scraper: string) => tableNamed(scraperNamed(scraper).loads);
const total = ({ unresolved, ignored, notStarted }: ParsedPayload): number => unresolved.reduce((sum, { count }) => sum + count, 0) + Object.values(ignored).reduce((sum, count) => sum + count, 0) + notStarted.length;

/** A book says when it was updated, and each of its markets as well: the market's time is taken. */
const isOfBook = (place: Place): boolean => place.length === 3 && place.at(-1) === 'last_update';

/** The header of a cell of the league's game log: its rows are lists. */
function columnAt(answer: unknown, place: Place): unknown {
  const [sets, set, list, row, column] = place;
  if (sets !== 'resultSets' || list !== 'rowSet' || row === undefined || column === undefined) return undefined;
  return valueAt(answer, ['resultSets', set ?? 0, 'headers', column]);
}

describe.each(recorded)('an answer of $scraper', (one) => {
  const { scraper, required, entryDepth, at } = one;
  const context: TransformContext = { gameDate: date, fetchedAt: at, processedAt: at, path: 'a/b.json', games };
  const table = tableOf(scraper);
  const wholeRow = table.row.strict();
  let answer: unknown;
  let clean: ParsedPayload;
  beforeAll(async () => {
    answer = await answerOf(one);
    clean = transformOf(scraper).parse(JSON.stringify(answer), context);
  });

  /** What a transform makes of a text; undefined where it says that the answer is malformed. Nothing else is let through. */
  function read(text: string): ParsedPayload | undefined {
    try {
      return transformOf(scraper).parse(text, context);
    } catch (error) {
      expect(error).toBeInstanceOf(PipelineError);
      expect(error).toMatchObject({ code: 'payload-malformed', disposition: 'reject', facts: { scraper, path: 'a/b.json' } });
      return undefined;
    }
  }

  function expectWholeRows(rows: readonly Row[]): void {
    for (const row of rows) expect(wholeRow.safeParse(row).error?.issues).toBeUndefined();
    expect(new Set(rows.map((row) => JSON.stringify(table.key.map((column) => row[column])))).size).toBe(rows.length);
  }

  it('as it was recorded is rows, with nothing left over', () => {
    expect(clean.rows.length).toBeGreaterThan(3);
    expect(total(clean)).toBe(0);
    expectWholeRows(clean.rows);
  });

  it('that is broken at one place is malformed, or whole rows, and what is no row any more is counted', () => {
    fc.assert(fc.property(brokenShape(answer), ({ value }) => {
      const parsed = read(JSON.stringify(value));
      if (parsed === undefined) return;
      expectWholeRows(parsed.rows);
      expect(parsed.rows.length).toBeLessThanOrEqual(clean.rows.length);
      if (parsed.rows.length < clean.rows.length) expect(total(parsed)).toBeGreaterThan(0);
    }), { numRuns: 250 });
  });

  it('that is broken at a field that its rows are made of makes no row of it', () => {
    const isRequired = (place: Place): boolean => required.some((name) => (place.at(-1) === name && !isOfBook(place)) || columnAt(answer, place) === name);
    fc.assert(fc.property(brokenShape(answer, isRequired), ({ value }) => {
      const parsed = read(JSON.stringify(value));
      if (parsed !== undefined) expect(parsed.rows.length).toBeLessThan(clean.rows.length);
    }), { numRuns: 200 });
  });

  it('that is broken in one entry leaves the rows of the others as they are', () => {
    // What cannot be known any more is null: a team's score, where it is the sum of its players'.
    const isKnown = (row: Row): boolean => clean.rows.some((other) => table.business.every((column) => row[column] === null || row[column] === other[column]));
    fc.assert(fc.property(brokenShape(answer, (place) => place.length > entryDepth), ({ value }) => {
      const changed = (read(JSON.stringify(value))?.rows ?? []).filter((row) => !isKnown(row));
      expect(changed.length).toBeLessThanOrEqual(1);
    }), { numRuns: 200 });
  });

  it('with a number that nothing counts to is malformed or counted', () => {
    const numbers = placesOf(answer).filter((place) => typeof valueAt(answer, place) === 'number');
    if (numbers.length === 0) return;
    fc.assert(fc.property(fc.constantFrom(...numbers), fc.constantFrom(1e308, -1e308, 2 ** 53, -(2 ** 53), 1e12, -1000, 1e-7, 5e-324), (place, number) => {
      const parsed = read(JSON.stringify(breakAt(answer, place, (inner, last) => { inner[last] = number; })));
      if (parsed === undefined) return;
      expectWholeRows(parsed.rows);
      const values = parsed.rows.flatMap((row) => Object.entries(row)).filter(([name, value]) => typeof value === 'number' && !name.endsWith('_at')).map(([, value]) => Math.abs(Number(value)));
      expect(Math.max(0, ...values)).toBeLessThan(200_000);
      for (const row of parsed.rows) if ('line_key' in row) expect(row['line_key']).toMatch(/^\d{1,4}$/);
    }), { numRuns: 200 });
  });

  it('that is cut off anywhere, or is of other bytes, is malformed', () => {
    const text = JSON.stringify(answer);
    fc.assert(fc.property(fc.nat(text.length - 1), (length) => { expect(read(text.slice(0, length))).toBeUndefined(); }), { numRuns: 100 });
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes))), (other) => { expect(read(other)).toBeUndefined(); }), { numRuns: 100 });
    expect(read(new TextDecoder().decode(Buffer.from(text, 'utf16le')))).toBeUndefined();
  });
});
