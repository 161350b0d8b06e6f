import { fileURLToPath } from 'node:url';
import { after, gameDate, isoInstant, minutes, parseInstant, type EpochMs, type GameDate, type Row, type ScheduleRow } from '@handoff/contracts';
import { parseEspnScoreboard, parseOddsEvents, transformOf, type ParsedPayload } from '@handoff/payloads';
import { datesBetween, isPlanned, slateOf, type SlateGame } from '@handoff/slate';
import { describeHttpSourceContract } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { boxScoreAt } from './game-moments.ts';
import { loadRecordings } from './load-recordings.ts';
import { RecordedSource } from './recorded-source.ts';

const season = loadRecordings(fileURLToPath(new URL('../../../../tools/local/recordings/nba', import.meta.url)));

class Recorded {
  now: EpochMs = parseInstant('2025-10-01T00:00:00Z');
  readonly source = new RecordedSource(season, { now: () => this.now });

  async text(path: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await this.source.fetch({ scraper: 'any', path, query });
    expect(response).toMatchObject({ status: 200, contentType: expect.stringMatching(/^(application\/json|text\/html)/) as unknown });
    return new TextDecoder().decode(response.body);
  }

  parse(scraper: string, text: string, games: readonly SlateGame[] = []): ParsedPayload {
    return transformOf(scraper).parse(text, { gameDate: gameDate('2026-01-24'), fetchedAt: this.now, processedAt: this.now, path: 'recorded', games });
  }

  async schedule(): Promise<readonly Row[]> {
    const parsed = this.parse('nbac_schedule_api', await this.text('/stats/scheduleleaguev2', { Season: '2025-26' }));
    expect(parsed).toMatchObject({ unresolved: [], ignored: {} });
    return parsed.rows;
  }

  async slate(date: GameDate): Promise<readonly SlateGame[]> {
    return slateOf((await this.schedule()) as ScheduleRow[], date);
  }

  async slates(from: string, to: string): Promise<readonly SlateGame[]> {
    const rows = (await this.schedule()) as ScheduleRow[];
    return datesBetween(gameDate(from), gameDate(to)).flatMap((date) => slateOf(rows, date));
  }
}
const recordedAt = (instant: string): Recorded => Object.assign(new Recorded(), { now: parseInstant(instant) });
const the24th = gameDate('2026-01-24');
const the25th = gameDate('2026-01-25');
const statusesOf = (games: readonly SlateGame[]): Record<string, number> => Object.fromEntries([...new Set(games.map(({ status }) => status))].map((status) => [status, games.filter((game) => game.status === status).length]));

describeHttpSourceContract('The recorded sources', async () => {
  const one = {
    subject: {
      source: recordedAt('2026-01-24T12:00:00Z').source,
      answered: [{ scraper: 'nbac_schedule_api', path: '/stats/scheduleleaguev2', query: { Season: '2025-26' } }, { scraper: 'bdl_injuries', path: '/v1/player_injuries', query: {} }, { scraper: 'prizepicks_lines', path: '/projections', query: { league: 'NBA' } }],
      refused: { scraper: 'nbac_schedule_api', path: '/stats/scheduleleaguev2', query: {} },
      unknown: { scraper: 'bdl_injuries', path: '/v9/nothing', query: {} },
    },
    close: () => Promise.resolve(),
    reopen: () => Promise.resolve(one),
    crash: () => Promise.resolve(one),
  };
  return one;
});

describe('the recorded schedule', () => {
  it('has 7 games planned on 2026-01-24, 6 of them played; 7 on 01-25, 5 of them and one moved in played', async () => {
    const recorded = recordedAt('2026-01-27T12:00:00Z');
    const [first, second] = [await recorded.slate(the24th), await recorded.slate(the25th)];
    expect(first.filter(isPlanned)).toHaveLength(7);
    expect(statusesOf(first)).toEqual({ final: 6, postponed: 1 });
    expect(second.filter(isPlanned)).toHaveLength(7);
    expect(statusesOf(second)).toEqual({ final: 6, postponed: 2 });
    expect(second.filter((game) => game.movedIn).map(({ officialId, homeScore, awayScore }) => [officialId, homeScore, awayScore])).toEqual([['0022500644', 85, 111]]);
  });

  it('has 108 played games from 2026-01-12 to 26', async () => {
    const games = await recordedAt('2026-01-28T12:00:00Z').slates('2026-01-12', '2026-01-26');
    expect(games.filter(({ status }) => status === 'final')).toHaveLength(108);
  });

  it('learns of the postponement of GSW@MIN at 19:30Z and not before', async () => {
    const recorded = recordedAt('2026-01-24T19:29:59Z');
    const gswMin = async () => [...(await recorded.slate(the24th)), ...(await recorded.slate(the25th))].filter(({ officialId }) => officialId === '0022500644').map(({ gameDate: date, status, movedIn }) => [date, status, movedIn]);
    expect(await gswMin()).toEqual([['2026-01-24', 'scheduled', false]]);
    recorded.now = parseInstant('2026-01-24T19:30:00Z');
    expect(await gswMin()).toEqual([['2026-01-24', 'postponed', false], ['2026-01-25', 'scheduled', true]]);
  });

  it('never plays a game on a date that it left, and shows a postponed one final with null scores', async () => {
    const rows = (await recordedAt('2026-01-25T12:00:00Z').schedule()).filter((row) => row['game_id'] === '0022500644');
    expect(rows.map((row) => [row['game_date'], row['game_status'], row['home_team_score'], row['is_postponed']])).toEqual([['2026-01-24', 3, null, true], ['2026-01-25', 1, null, false]]);
  });

  it.each`
    now                       | status
    ${'2026-01-24T16:59:59Z'} | ${'scheduled'}
    ${'2026-01-24T17:00:00Z'} | ${'live'}
    ${'2026-01-24T19:29:59Z'} | ${'live'}
    ${'2026-01-24T19:30:00Z'} | ${'final'}
  `('shows WAS@CHA, which tipped at 17:00Z, as $status at $now', async ({ now, status }: { now: string; status: string }) => {
    const game = (await recordedAt(now).slate(the24th)).find(({ officialId }) => officialId === '0022500645');
    expect(game).toMatchObject({ status, tipAt: parseInstant('2026-01-24T17:00:00Z') });
  });

  it('never has a team in two games of one date that are to be played, whenever it is asked', async () => {
    const recorded = recordedAt('2025-10-20T12:00:00Z');
    for (const asked of new Set([...season.announcements.values()].flatMap(({ announcedAt }) => [announcedAt - 1, announcedAt]))) {
      recorded.now = asked as EpochMs;
      const playing = (await recorded.schedule()).filter((row) => row['is_postponed'] === false).flatMap((row) => [row['home_team_tricode'], row['away_team_tricode']].map((team) => `${String(row['game_date'])} ${String(team)}`));
      expect(new Set(playing).size, isoInstant(recorded.now)).toBe(playing.length);
    }
  });

  it('moves one of the eleven games to an earlier month once that is known', async () => {
    const recorded = recordedAt('2026-01-25T17:30:00Z');
    expect(season.announcements.size).toBe(11);
    expect((await recorded.slate(gameDate('2026-03-12'))).find(({ officialId }) => officialId === '0022501111')).toMatchObject({ movedIn: true, status: 'scheduled' });
    expect((await recorded.slate(gameDate('2026-04-01'))).find(({ officialId }) => officialId === '0022501111')).toMatchObject({ movedIn: false, status: 'postponed' });
  });

  it('is the same answer until something changes, and says no more than 2 MB', async () => {
    const recorded = recordedAt('2026-01-24T12:00:00Z');
    const ask = async () => (await recorded.source.fetch({ scraper: 'x', path: '/stats/scheduleleaguev2', query: { Season: '2025-26' } })).body;
    const first = await ask();
    recorded.now = parseInstant('2026-01-24T16:59:59Z');
    expect(await ask()).toBe(first);
    recorded.now = parseInstant('2026-01-24T17:00:00Z');
    expect(await ask()).not.toEqual(first);
    expect(first.length).toBeLessThan(2_000_000);
  });
});

describe('recorded box scores', () => {
  const ranges = { start_date: '2026-01-24', end_date: '2026-01-25', per_page: '100' };

  async function allPages(recorded: Recorded, query: Readonly<Record<string, string>>, games: readonly SlateGame[]): Promise<ParsedPayload[]> {
    const pages: ParsedPayload[] = [];
    for (let cursor = 0; ; cursor += 100) {
      const page = recorded.parse('bdl_player_box_scores', await recorded.text('/v1/stats', { ...query, cursor: String(cursor) }), games);
      pages.push(page);
      if (!page.hasMore) return pages;
    }
  }

  it('of both sources round-trip to the recorded rows of every game', async () => {
    const recorded = recordedAt('2026-01-28T12:00:00Z');
    const games = await recorded.slates('2026-01-24', '2026-01-25');
    const pages = await allPages(recorded, ranges, games);
    const log = recorded.parse('nbac_player_boxscore', await recorded.text('/stats/leaguegamelog', { PlayerOrTeam: 'P', DateFrom: '2026-01-24', DateTo: '01/25/2026' }), games);
    expect([...pages, log].flatMap(({ unresolved }) => unresolved)).toEqual([]);
    const key = (row: Row): string => `${String(row['nba_game_id'])} ${String(row['player_lookup'])} ${String(row['points'])} ${String(row['minutes'])} ${String(row['home_team_score'])}`;
    const bdl = pages.flatMap(({ rows }) => rows);
    expect(bdl.map(key).toSorted()).toEqual(log.rows.map(key).toSorted());
    const expected = games.filter(({ status }) => status === 'final').flatMap(({ officialId }) => season.statsByGame.get(officialId) ?? []);
    expect(bdl).toHaveLength(expected.length);
    expect(new Set(bdl.map((row) => row['nba_game_id'])).size).toBe(12);
    expect(bdl.some((row) => row['nba_game_id'] === '0022500644' && row['game_date'] === '2026-01-24')).toBe(false);
  });

  it('of ESPN are the same rows, a page for each game that its scoreboard lists', async () => {
    const recorded = recordedAt('2026-01-28T12:00:00Z');
    const games = await recorded.slates('2026-01-24', '2026-01-24');
    const events = parseEspnScoreboard(await recorded.text('/apis/site/v2/sports/basketball/nba/scoreboard', { dates: '20260124' }), 'spec');
    expect(events).toHaveLength(6);
    const rows: Row[] = [];
    for (const { eventId } of events) {
      const page = recorded.parse('espn_boxscore', await recorded.text(`/nba/boxscore/_/gameId/${eventId}`, {}), games);
      expect(page.unresolved).toEqual([]);
      rows.push(...page.rows);
    }
    const log = recorded.parse('nbac_player_boxscore', await recorded.text('/stats/leaguegamelog', { PlayerOrTeam: 'P', DateFrom: '2026-01-24', DateTo: '2026-01-24' }), games);
    const told = (row: Row): unknown[] => [row['nba_game_id'], row['player_lookup'], row['minutes'], row['points'], row['rebounds'], row['three_pointers_made'], row['plus_minus'], row['home_team_score']];
    const played = (list: readonly Row[]): string[] => list.filter((row) => Number(row['minutes']) > 0).map((row) => JSON.stringify(told(row))).toSorted();
    expect(played(rows)).toEqual(played(log.rows));
  });

  it('appear 2 to 25 minutes after the final whistle, per source, and are absent before', async () => {
    const game = season.gamesById.get('0022500645')!;
    for (const [source, scraper, path, query] of [
      ['balldontlie', 'bdl_player_box_scores', '/v1/stats', { 'dates[]': '2026-01-24', per_page: '100' }],
      ['nba-com', 'nbac_player_boxscore', '/stats/leaguegamelog', { PlayerOrTeam: 'P', DateFrom: '2026-01-24', DateTo: '2026-01-24' }],
    ] as const) {
      const available = boxScoreAt(game, source);
      expect(available).toBeGreaterThanOrEqual(after(game.actualTipAt, minutes(152)));
      expect(available).toBeLessThanOrEqual(after(game.actualTipAt, minutes(175)));
      const recorded = new Recorded();
      for (const [now, isThere] of [[available - 1, false], [available, true]] as const) {
        recorded.now = now as EpochMs;
        const parsed = recorded.parse(scraper, await recorded.text(path, query), await recorded.slate(the24th));
        expect(parsed.rows.some((row) => row['nba_game_id'] === '0022500645')).toBe(isThere);
      }
    }
  });

  it('of a neutral site read "X @ Y" for both teams', async () => {
    const text = await recordedAt('2026-01-20T12:00:00Z').text('/stats/leaguegamelog', { PlayerOrTeam: 'P', DateFrom: '2026-01-15', DateTo: '2026-01-15' });
    expect(text.includes('"MEM @ ORL"') && text.includes('"ORL @ MEM"')).toBe(true);
  });

  it('of a range in the future are none', async () => {
    expect(await recordedAt('2026-01-20T12:00:00Z').text('/v1/stats', ranges)).toBe('{"data":[],"meta":{"per_page":100}}');
  });
});

describe('recorded lines', () => {
  async function propsOf(recorded: Recorded, date: GameDate): Promise<Row[]> {
    const games = await recorded.slate(date);
    const events = parseOddsEvents(await recorded.text('/v4/sports/basketball_nba/events'), { games, path: 'events' }).events.filter(({ game }) => game !== undefined);
    const rows: Row[] = [];
    for (const { eventId } of events) {
      const parsed = recorded.parse('oddsa_player_props', await recorded.text(`/v4/sports/basketball_nba/events/${eventId}/odds`), games);
      expect(parsed.unresolved).toEqual([]);
      rows.push(...parsed.rows);
    }
    return rows;
  }

  it('appear with their snapshots, those of the postponed game among them', async () => {
    expect(await propsOf(recordedAt('2026-01-24T17:50:00Z'), the24th)).toEqual([]);
    const rows = await propsOf(recordedAt('2026-01-24T18:00:00Z'), the24th);
    const recordedLines = season.lines.filter((line) => line.source === 'odds-api' && line.gameDate === the24th);
    expect(rows).toHaveLength(recordedLines.length);
    expect(new Set(rows.map((row) => row['nba_game_id'])).size).toBe(7);
    expect(rows.some((row) => row['nba_game_id'] === '0022500644')).toBe(true);
  });

  it('of WAS@CHA are unusable: their snapshot is after the actual tip-off', async () => {
    const rows = await propsOf(recordedAt('2026-01-24T18:00:00Z'), the24th);
    expect(new Set(rows.filter((row) => row['is_usable'] === false).map((row) => row['nba_game_id']))).toEqual(new Set(['0022500645']));
  });

  it('of PrizePicks are the board of the morning, less what has begun', async () => {
    const recorded = recordedAt('2026-01-24T12:28:00Z');
    const board = async () => recorded.parse('prizepicks_lines', await recorded.text('/projections'), await recorded.slate(the24th));
    expect((await board()).rows).toEqual([]);
    recorded.now = parseInstant('2026-01-24T12:30:00Z');
    const morning = await board();
    expect(morning).toMatchObject({ unresolved: [], ignored: {} });
    expect(morning.rows).toHaveLength(88);
    recorded.now = parseInstant('2026-01-24T17:10:00Z');
    const noon = await board();
    expect(noon.rows.some((row) => row['nba_game_id'] === '0022500645')).toBe(false);
    expect(noon.games).toHaveLength(6);
  });

  it('of PrizePicks exist on each of the fifteen days', async () => {
    for (const date of datesBetween(gameDate('2026-01-12'), gameDate('2026-01-26'))) {
      const recorded = recordedAt(`${date}T12:40:00Z`);
      expect(recorded.parse('prizepicks_lines', await recorded.text('/projections'), await recorded.slate(date)).rows.length, date).toBeGreaterThan(60);
    }
  });
});

describe('recorded injuries', () => {
  it('are the last known status of each player, without those who are available again', async () => {
    const recorded = recordedAt('2026-01-23T20:48:00Z');
    const before = recorded.parse('bdl_injuries', await recorded.text('/v1/player_injuries'));
    recorded.now = parseInstant('2026-01-23T20:49:00Z');
    const then = recorded.parse('bdl_injuries', await recorded.text('/v1/player_injuries'));
    expect(then.unresolved).toEqual([]);
    expect(then.rows.length).toBeGreaterThan(before.rows.length);
    expect(then.rows.find((row) => row['player_lookup'] === 'derecklively')).toMatchObject({ injury_status: 'OUT', player_full_name: 'Dereck Lively II' });
    expect(then.rows.find((row) => row['player_lookup'] === 'ronaldholland')).toBeDefined();
  });
});

describe('what is not recorded', () => {
  it.each`
    path                                                         | query                          | status
    ${'/v2/stats'}                                               | ${{}}                          | ${404}
    ${'/v4/sports/basketball_nba/events/0123456789abcdef/odds'} | ${{}}                          | ${404}
    ${'/v1/stats'}                                               | ${{ start_date: '2026' }}      | ${400}
    ${'/stats/scheduleleaguev2'}                                 | ${{}}                          | ${400}
    ${'/stats/leaguegamelog'}                                    | ${{ PlayerOrTeam: 'T' }}       | ${400}
  `('$path $query is answered with $status', async ({ path, query, status }: { path: string; query: Record<string, string>; status: number }) => {
    expect(await new Recorded().source.fetch({ scraper: 'any', path, query })).toMatchObject({ status });
  });
});
