import { scrapers, tableNamed } from '@handoff/catalogue';
import { hashRow, OfficialGameId, parseInstant, Tricode } from '@handoff/contracts';
import { gameDateOf, type KnownGame } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import { balldontlieTeam, balldontlieTeamId } from './balldontlie-teams.ts';
import type { ParsedPayload } from './payload.ts';
import { transformOf, transforms } from './transforms.ts';

const tipAt = parseInstant('2026-01-24T22:30:00Z');
const game: KnownGame = { officialId: OfficialGameId.parse('0022500644'), gameDate: gameDateOf(tipAt), tipAt, away: Tricode.parse('GSW'), home: Tricode.parse('MIN') };
const context = { gameDate: game.gameDate, fetchedAt: parseInstant('2026-01-24T18:00:00Z'), processedAt: parseInstant('2026-01-24T18:01:00Z'), path: 'a/b.json', games: [game] };
const parse = (scraper: string, payload: unknown, games = context.games): ParsedPayload => transformOf(scraper).parse(JSON.stringify(payload), { ...context, games });

const counted = ['pts', 'ast', 'reb', 'oreb', 'dreb', 'stl', 'blk', 'turnover', 'pf', 'fgm', 'fga', 'fg3m', 'fg3a', 'ftm', 'fta'];
const stat = (over: Record<string, unknown> = {}, gameOver: Record<string, unknown> = {}) => ({
  id: 1, min: '34', ...Object.fromEntries(counted.map((name, index) => [name, index])), plus_minus: -3,
  player: { id: 7, first_name: 'Stephen', last_name: 'Curry' }, team: { abbreviation: 'GSW' },
  game: { date: '2026-01-24', status: 'Final', home_team_id: 18, visitor_team_id: 10, home_team_score: 85, visitor_team_score: 111, ...gameOver }, ...over,
});
const stats = (...data: unknown[]) => parse('bdl_player_box_scores', { data, meta: { per_page: 100 } });

describe('the registry', () => {
  it('has exactly one transform for every scraper that is loaded, and none for another', () => {
    expect(transforms.map(({ scraper }) => scraper).toSorted()).toEqual(scrapers.filter(({ loads }) => loads !== 'skip').map(({ name }) => name).toSorted());
    expect(() => transformOf('bp_events')).toThrow(RangeError);
  });
});

describe('balldontlie stats', () => {
  it('carry provenance and the hash of the business columns', () => {
    const [row] = stats(stat()).rows;
    expect(row).toMatchObject({ source_file_path: 'a/b.json', processed_at: context.processedAt, player_lookup: 'stephencurry', game_id: '20260124_GSW_MIN' });
    expect(row!['data_hash']).toBe(hashRow(row!, tableNamed('nba_raw.bdl_player_boxscores').business));
  });

  it.each`
    min        | minutes
    ${'34'}    | ${34}
    ${'34:12'} | ${34.2}
    ${34}      | ${34}
    ${'00'}    | ${0}
  `('read minutes $min as $minutes', ({ min, minutes }: { min: unknown; minutes: number }) => {
    expect(stats(stat({ min })).rows[0]).toMatchObject({ minutes });
  });

  it('make zeros of missing statistics only of a player who did not play', () => {
    const missing = Object.fromEntries(counted.map((name) => [name, '']));
    expect(stats(stat({ min: '', ...missing })).rows[0]).toMatchObject({ minutes: 0, points: 0 });
    expect(stats(stat({ pts: null }))).toMatchObject({ rows: [], unresolved: [{ kind: 'player', value: 'Stephen Curry', reason: 'stats-missing', count: 1 }] });
  });

  it('count a player as one without minutes only where he has counted nothing: else his minutes are missing', () => {
    const none = Object.fromEntries(counted.map((name) => [name, 0]));
    for (const min of [null, '', undefined]) {
      expect(stats(stat({ ...none, min })).rows[0]).toMatchObject({ minutes: 0, points: 0 });
      expect(stats(stat({ min }))).toMatchObject({ rows: [], unresolved: [{ kind: 'player', reason: 'stats-missing' }] });
    }
  });

  it.each([{ pts: -1 }, { pts: 1_000 }, { plus_minus: 1_000 }, { plus_minus: -1_000 }])('of %j are malformed: nobody counts to it', (over) => {
    expect(() => stats(stat(over))).toThrow(expect.objectContaining({ code: 'payload-malformed' }));
  });

  it.each(['2026-01-24T22:30:00Z', '7:00 pm ET', '3rd Qtr', ''])('report a game of status %j as not started', (status) => {
    expect(stats(stat({}, { status }), stat({}, { status }))).toMatchObject({ rows: [], notStarted: ['0022500644'], unresolved: [] });
  });

  it.each`
    what                   | over                                     | gameOver                                      | finding
    ${'a game unknown'}    | ${{}}                                    | ${{ date: '2026-01-25' }}                     | ${{ kind: 'game', value: '2026-01-25 GSW@MIN', reason: 'unknown-game' }}
    ${'teams reversed'}    | ${{}}                                    | ${{ home_team_id: 10, visitor_team_id: 18 }}  | ${{ kind: 'game', value: '2026-01-24 MIN@GSW', reason: 'reversed-teams' }}
    ${'a team unknown'}    | ${{}}                                    | ${{ home_team_id: 99 }}                       | ${{ kind: 'team', value: 'balldontlie team 99', reason: 'unknown-team' }}
    ${'another team'}      | ${{ team: { abbreviation: 'BOS' } }}     | ${{}}                                         | ${{ kind: 'player', value: 'Stephen Curry', reason: 'not-of-this-game' }}
    ${'no team'}           | ${{ team: { abbreviation: 'XYZ' } }}     | ${{}}                                         | ${{ kind: 'team', value: 'XYZ', reason: 'unknown-team' }}
    ${'no name'}           | ${{ player: { id: 1, first_name: '', last_name: '-' } }} | ${{}}                         | ${{ kind: 'player', value: '-', reason: 'unreadable-name' }}
  `('report $what', ({ over, gameOver, finding }: { over: Record<string, unknown>; gameOver: Record<string, unknown>; finding: object }) => {
    expect(stats(stat(over, gameOver))).toMatchObject({ rows: [], unresolved: [finding] });
  });

  it('count exact repetitions and report the second of two that disagree', () => {
    const parsed = stats(stat(), stat(), stat({ pts: 50 }));
    expect(parsed.rows).toHaveLength(1);
    expect(parsed).toMatchObject({ ignored: { duplicate: 1 }, unresolved: [{ kind: 'player', reason: 'conflicting-rows' }] });
  });

  it('say that there are more pages', () => {
    expect(parse('bdl_player_box_scores', { data: [], meta: { next_cursor: 12 } }).hasMore).toBe(true);
    expect(parse('bdl_player_box_scores', { data: [], meta: { next_cursor: null } }).hasMore).toBe(false);
  });

  it('number teams both ways', () => {
    for (let id = 1; id <= 30; id += 1) expect(balldontlieTeamId(balldontlieTeam(id)!)).toBe(id);
    expect(() => balldontlieTeamId('XXX')).toThrow(RangeError);
  });
});

describe('the league’s game log', () => {
  const headers = ['PLAYER_ID', 'PLAYER_NAME', 'TEAM_ABBREVIATION', 'GAME_ID', 'GAME_DATE', 'MATCHUP', 'MIN', 'PLUS_MINUS', 'PTS', 'AST', 'REB', 'OREB', 'DREB', 'STL', 'BLK', 'TOV', 'PF', 'FGM', 'FGA', 'FG3M', 'FG3A', 'FTM', 'FTA'];
  const entry = (team: string, over: Record<string, unknown> = {}) =>
    headers.map((header) => ({ PLAYER_ID: 201939, PLAYER_NAME: `${team} Player`, TEAM_ABBREVIATION: team, GAME_ID: '0022500644', GAME_DATE: '2026-01-24', MATCHUP: 'GSW @ MIN', MIN: 30, PLUS_MINUS: null, ...over })[header] ?? 4);
  const log = (...rowSet: unknown[][]) => parse('nbac_player_boxscore', { resultSets: [{ name: 'LeagueGameLog', headers, rowSet }] });

  it('takes home and away from the schedule where both teams read "X @ Y"', () => {
    const parsed = log(entry('GSW', { MATCHUP: 'GSW @ MIN' }), entry('MIN', { MATCHUP: 'MIN @ GSW' }));
    expect(parsed.rows.map((row) => [row['home_team_abbr'], row['away_team_abbr'], row['team_abbr']])).toEqual([['MIN', 'GSW', 'GSW'], ['MIN', 'GSW', 'MIN']]);
  });

  it('has no score of a team without rows', () => {
    expect(log(entry('GSW')).rows[0]).toMatchObject({ away_team_score: 4, home_team_score: null });
  });

  it('has no score of a team whose players\' points are not all there', () => {
    const withoutPoints = entry('GSW', { PLAYER_NAME: 'Other Player' }).map((value, index) => (headers[index] === 'PTS' ? null : value));
    const parsed = log(entry('GSW'), withoutPoints, entry('MIN'));
    expect(parsed).toMatchObject({ rows: [{ away_team_score: null, home_team_score: 4 }, { away_team_score: null, home_team_score: 4 }], unresolved: [{ value: 'Other Player', reason: 'stats-missing' }] });
  });

  it('reports a game that is known on another date', () => {
    expect(log(entry('GSW', { GAME_DATE: '2026-01-25' })).unresolved).toMatchObject([{ reason: 'not-on-that-date' }]);
    expect(log(entry('GSW', { GAME_ID: '0022500999' })).unresolved).toMatchObject([{ reason: 'unknown-game' }]);
  });

  it('names the headers that are missing', () => {
    expect(() => parse('nbac_player_boxscore', { resultSets: [{ name: 'LeagueGameLog', headers: headers.slice(1), rowSet: [] }] })).toThrow(/resultSets\.headers: missing PLAYER_ID/);
  });
});

describe('odds of an event', () => {
  const outcome = (name: string, description: string, point: number, price = -110) => ({ name, description, point, price });
  const event = (outcomes: unknown[], over: Record<string, unknown> = {}) => ({
    id: 'e1', commence_time: '2026-01-24T22:40:00Z', home_team: 'Minnesota Timberwolves', away_team: 'Golden State Warriors',
    bookmakers: [{ key: 'draftkings', markets: [{ key: 'player_points', last_update: '2026-01-24T17:00:00Z', outcomes }, { key: 'h2h', last_update: '2026-01-24T17:00:00Z', outcomes: [{ name: 'X', price: 2.1 }] }] }],
    ...over,
  });

  it.each([{ point: 1e308 }, { point: -0.5 }, { price: 2 ** 53 }, { price: -1e9 }])('of %j are malformed: nobody offers them', (over) => {
    expect(() => parse('oddsa_player_props', event([{ ...outcome('Over', 'Stephen Curry', 26.5), ...over }]))).toThrow(expect.objectContaining({ code: 'payload-malformed' }));
  });

  it('pair over and under per point, keep alternate and one-sided lines, count repetitions', () => {
    const parsed = parse('oddsa_player_props', event([
      outcome('Over', 'Stephen Curry', 26.5, 100), outcome('Under', 'Stephen Curry', 26.5, -120), outcome('Over', 'Stephen Curry', 26.5, 100),
      outcome('Over', 'Stephen Curry', 30, 240), outcome('Over', 'Moe Wagner', 8.5), outcome('Over', 'A B + C D', 40.5),
    ]));
    expect(parsed.rows.map((row) => [row['player_lookup'], row['line_key'], row['over_price_american'], row['under_price_american']])).toEqual([
      ['stephencurry', '265', 100, -120], ['stephencurry', '300', 240, null], ['moritzwagner', '85', -110, null],
    ]);
    expect(parsed.ignored).toEqual({ 'other-market': 1, duplicate: 1, 'side-not-offered': 2, combination: 1 });
  });

  it('report two prices of one side, and names that leave nothing', () => {
    const parsed = parse('oddsa_player_props', event([outcome('Over', 'Stephen Curry', 26.5, 100), outcome('Over', 'Stephen Curry', 26.5, 105), outcome('Over', '?', 1)]));
    expect(parsed.unresolved).toMatchObject([{ reason: 'conflicting-rows' }, { reason: 'unreadable-name' }]);
  });

  it.each`
    snapshot                  | minutes | usable
    ${'2026-01-24T22:29:59Z'} | ${0}    | ${true}
    ${'2026-01-24T22:30:00Z'} | ${0}    | ${false}
    ${'2026-01-24T22:30:01Z'} | ${-1}   | ${false}
    ${'2026-01-24T21:00:30Z'} | ${89}   | ${true}
  `('snapped at $snapshot are $minutes minutes before tip-off, usable: $usable', ({ snapshot, minutes, usable }: { snapshot: string; minutes: number; usable: boolean }) => {
    const bookmakers = [{ key: 'fanduel', markets: [{ key: 'player_points', last_update: snapshot, outcomes: [outcome('Over', 'Stephen Curry', 26.5)] }] }];
    expect(parse('oddsa_player_props', event([], { bookmakers })).rows[0]).toMatchObject({ minutes_before_tipoff: minutes, is_usable: usable });
  });

  it('without bookmakers are no rows, and still of the game', () => {
    expect(parse('oddsa_player_props', event([], { bookmakers: [] }))).toMatchObject({ rows: [], games: [{ officialId: '0022500644', players: [] }], unresolved: [] });
  });

  it('of unknown or reversed games are reported', () => {
    expect(parse('oddsa_player_props', event([], { commence_time: '2026-01-26T22:40:00Z' })).unresolved).toMatchObject([{ reason: 'unknown-game' }]);
    expect(parse('oddsa_player_props', event([], { home_team: 'Golden State Warriors', away_team: 'Minnesota Timberwolves' })).unresolved).toMatchObject([{ reason: 'reversed-teams' }]);
  });

  it('name the place of a broken outcome', () => {
    expect(() => parse('oddsa_player_props', event([outcome('Over', 'Stephen Curry', 26.5), { name: 'Maybe' }]))).toThrow(/bookmakers\.0\.player_points\.1\.name/);
  });
});

describe('a PrizePicks board', () => {
  const prop = { player: 'Stephen Curry', stat: 'Points', line: 26.5, oddsType: 'standard', startTimeIso: '2026-01-24T17:40:00.000-05:00', teamCode: 'GS', opponentCode: 'MIN', gameId: '9' };
  const board = (...props: unknown[]) => parse('prizepicks_lines', { scrapedAt: '2026-01-24T12:30:00Z', props });

  it('finds the game whichever team it names first', () => {
    expect(board(prop, { ...prop, player: 'Rudy Gobert', teamCode: 'MIN', opponentCode: 'GSW' }).rows.map((row) => row['nba_game_id'])).toEqual(['0022500644', '0022500644']);
  });

  it('leaves out what is no points line of one player at standard odds', () => {
    const parsed = board({ ...prop, stat: 'Rebounds' }, { ...prop, oddsType: 'demon' }, { ...prop, player: 'A B + C D', oddsType: '' }, { ...prop, startTimeIso: '' });
    expect(parsed).toMatchObject({ rows: [], ignored: { 'other-market': 1, 'other-odds-type': 1, combination: 1 }, unresolved: [{ kind: 'game' }] });
  });
});

describe('injuries', () => {
  const injury = (status: string, name = 'Stephen') => ({ player: { first_name: name, last_name: 'Curry' }, status, description: null });

  it.each`
    status                  | normal
    ${'Out'}                | ${'OUT'}
    ${'Out For Season'}     | ${'OUT'}
    ${'Doubtful'}           | ${'DOUBTFUL'}
    ${'Questionable'}       | ${'QUESTIONABLE'}
    ${'Game Time Decision'} | ${'QUESTIONABLE'}
    ${'Probable'}           | ${'PROBABLE'}
    ${'Day-To-Day'}         | ${'DAY_TO_DAY'}
  `('read $status as $normal', ({ status, normal }: { status: string; normal: string }) => {
    expect(parse('bdl_injuries', { data: [injury(status)] }).rows[0]).toMatchObject({ injury_status: normal, description: '', report_date: '2026-01-24' });
  });

  it('report a word that is not known', () => {
    expect(parse('bdl_injuries', { data: [injury('Resting')] })).toMatchObject({ rows: [], unresolved: [{ kind: 'status', value: 'Resting' }] });
  });
});

describe('the schedule', () => {
  const entry = (over: Record<string, unknown> = {}) => ({
    gameId: '0022500644', gameStatus: 3, gameStatusText: 'Final ', gameDateTimeUTC: '2026-01-24T22:30:00Z', postponedStatus: 'N',
    homeTeam: { teamTricode: 'MIN', score: 85 }, awayTeam: { teamTricode: 'GSW', score: 111 }, ...over,
  });
  const schedule = (...games: unknown[]) => parse('nbac_schedule_api', { leagueSchedule: { gameDates: [{ games }] } }, []);

  it.each`
    over                                                | expected
    ${{}}                                               | ${{ is_postponed: false, home_team_score: 85, away_team_score: 111, game_status_text: 'Final', game_code: '20260124/GSWMIN' }}
    ${{ postponedStatus: 'Y' }}                         | ${{ is_postponed: true, home_team_score: null, away_team_score: null }}
    ${{ gameStatusText: 'PPD' }}                        | ${{ is_postponed: true, home_team_score: null }}
    ${{ gameStatus: 1 }}                                | ${{ is_postponed: false, home_team_score: null }}
    ${{ gameStatus: 3, homeTeam: { teamTricode: 'MIN', score: null } }} | ${{ is_postponed: false, home_team_score: null }}
  `('reads $over', ({ over, expected }: { over: Record<string, unknown>; expected: object }) => {
    expect(schedule(entry(over)).rows[0]).toMatchObject(expected);
  });

  it('has a row on each date of a moved game', () => {
    const parsed = schedule(entry({ postponedStatus: 'Y' }), entry({ gameDateTimeUTC: '2026-01-25T22:30:00Z' }));
    expect(parsed.rows.map((row) => [row['game_date'], row['is_postponed']])).toEqual([['2026-01-24', true], ['2026-01-25', false]]);
  });

  it('counts games whose teams are not drawn yet, and reports ids that are none', () => {
    expect(schedule(entry({ homeTeam: { teamTricode: '', score: 0 } }))).toMatchObject({ rows: [], ignored: { 'teams-not-drawn': 1 }, unresolved: [] });
    expect(schedule(entry({ gameId: '9922500644' })).unresolved).toMatchObject([{ kind: 'game', value: '9922500644' }]);
  });
});
