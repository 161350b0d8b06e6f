import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { gameDate, OfficialGameId, parseInstant, PlayerBoxScoreRow, PlayerPointsLineRow, ScheduleRow, InjuryRow, Tricode } from '@handoff/contracts';
import { gameDateOf, tricodeOf, type KnownGame } from '@handoff/slate';
import { sharedData, type Skippable } from '@handoff/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { balldontlieTeam } from './balldontlie-teams.ts';
import { parseEspnScoreboard } from './espn.ts';
import { parseOddsEvents } from './odds-api.ts';
import { transformOf } from './transforms.ts';

const read = (path: string): string => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString('utf8');
const known = (officialId: string, tip: string, away: string, home: string): KnownGame => {
  const tipAt = parseInstant(tip);
  return { officialId: OfficialGameId.parse(officialId), gameDate: gameDateOf(tipAt), tipAt, away: Tricode.parse(away), home: Tricode.parse(home) };
};
const at = parseInstant('2026-01-24T18:00:00Z');
const contextOf = (games: readonly KnownGame[], fetchedAt = at) => ({ gameDate: gameDateOf(fetchedAt), fetchedAt, processedAt: fetchedAt, path: 'prefix/file.json', games });

/** All games of 2025-26, each on its planned and on its actual date. */
function season(context: Skippable): readonly KnownGame[] {
  const records: Record<string, string>[] = parse(read(sharedData(context, 'schedule/schedule_2025-26_merged.csv.gz')), { columns: true });
  return records
    .filter((record) => record['home_tricode'] !== '')
    .flatMap((record) => {
      const actual = record['actual_tip_utc'] === '' ? record['scheduled_datetime_utc'] : record['actual_tip_utc'];
      const moved = record['scheduled_date_et'] !== '' && record['scheduled_date_et'] !== record['actual_game_date'];
      return [...(moved ? [record['scheduled_datetime_utc']] : []), actual].map((tip) => known(record['game_id']!, tip!, record['away_tricode']!, record['home_tricode']!));
    });
}

describe('the real schedule', () => {
  it('of 2024-25 gives a final row for each of the 1,230 regular games, on the date that the league says', (context) => {
    const text = read(sharedData(context, 'schedule/raw_2024-25_nba_cdn_scheduleleaguev2.json.gz'));
    const parsed = transformOf('nbac_schedule_api').parse(text, contextOf([]));
    const regular = parsed.rows.filter((row) => String(row['game_id']).startsWith('002'));
    expect(regular).toHaveLength(1230);
    expect(regular.every((row) => ScheduleRow.safeParse(row).success && row['home_team_score'] !== null && row['season_year'] === 2024)).toBe(true);
    const raw = JSON.parse(text) as { leagueSchedule: { gameDates: { games: { gameId: string; gameDateEst: string; gameCode: string }[] }[] } };
    const dates = new Map(raw.leagueSchedule.gameDates.flatMap(({ games }) => games.map((game) => [game.gameId, game] as const)));
    expect(parsed.rows.filter((row) => row['game_date'] !== dates.get(String(row['game_id']))?.gameDateEst.slice(0, 10))).toEqual([]);
    expect(regular.filter((row) => row['game_code'] !== dates.get(String(row['game_id']))?.gameCode)).toEqual([]);
    // Tours and all-star games: teams that are not of the league.
    expect(parsed.unresolved.every(({ kind }) => kind === 'team')).toBe(true);
    expect(parsed.rows.length + parsed.unresolved.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(1400);
  });

  it('before the season has null scores where the source writes 0', (context) => {
    const parsed = transformOf('nbac_schedule_api').parse(read(sharedData(context, 'payloads/nba_cdn_scheduleleaguev2_2025-26_excerpt.json')), contextOf([]));
    expect(parsed.rows).toHaveLength(11);
    expect(parsed.rows.every((row) => row['game_status'] === 1 && row['home_team_score'] === null)).toBe(true);
    expect(parsed.unresolved.map(({ kind, value }) => [kind, value])).toEqual([['team', 'MEL'], ['team', 'SEM']]);
  });
});

describe('real box scores', () => {
  const finals = known('0042400407', '2025-06-23T00:00:00Z', 'IND', 'OKC');

  it('of balldontlie: 30 rows, 6 of them of players who did not play', (context) => {
    const parsed = transformOf('bdl_player_box_scores').parse(read(sharedData(context, 'payloads/balldontlie_v1_stats_game_18444564.json')), contextOf([finals]));
    expect(parsed).toMatchObject({ unresolved: [], ignored: {}, notStarted: [], hasMore: false });
    expect(parsed.rows).toHaveLength(30);
    expect(parsed.rows.every((row) => PlayerBoxScoreRow.safeParse(row).success)).toBe(true);
    expect(parsed.rows.filter((row) => row['minutes'] === 0)).toHaveLength(6);
    expect(parsed.rows.find((row) => row['player_lookup'] === 'jalenwilliams')).toMatchObject({
      game_id: '20250622_IND_OKC', nba_game_id: '0042400407', team_abbr: 'OKC', minutes: 38, points: 20, turnovers: 1, home_team_score: 103, away_team_score: 91,
    });
    expect(parsed.games).toMatchObject([{ officialId: '0042400407', gameDate: '2025-06-22' }]);
    expect(parsed.games[0]?.players).toHaveLength(30);
  });

  const holiday = known('0022300574', '2024-01-15T18:00:00Z', 'HOU', 'PHI');

  it('of ESPN: a page whose script holds 25 players, two of them without minutes', (context) => {
    const page = read(sharedData(context, 'payloads/espn_game_boxscore.html.gz'));
    const parsed = transformOf('espn_boxscore').parse(page, contextOf([holiday], parseInstant('2024-01-16T12:00:00Z')));
    expect(parsed).toMatchObject({ unresolved: [], ignored: {}, notStarted: [] });
    expect(parsed.rows).toHaveLength(25);
    expect(parsed.rows.every((row) => PlayerBoxScoreRow.safeParse(row).success)).toBe(true);
    expect(parsed.rows.filter((row) => row['minutes'] === 0).map((row) => row['player_lookup'])).toEqual(['reggiebullock', 'bobanmarjanovic']);
    expect(parsed.rows.find((row) => row['player_lookup'] === 'jalengreen')).toMatchObject({
      game_id: '20240115_HOU_PHI', nba_game_id: '0022300574', team_abbr: 'HOU', minutes: 27, points: 20, field_goals_made: 7, field_goals_attempted: 16, three_pointers_attempted: 7, free_throws_made: 5, rebounds: 5,
      assists: 3, turnovers: 2, personal_fouls: 2, plus_minus: -7, home_team_score: 124, away_team_score: 115,
    });
    const points = (team: string): number => parsed.rows.filter((row) => row['team_abbr'] === team).reduce((sum, row) => sum + Number(row['points']), 0);
    expect([points('PHI'), points('HOU')]).toEqual([124, 115]);
  });

  it('of ESPN are listed on its scoreboard, in its own short names', (context) => {
    const events = parseEspnScoreboard(read(sharedData(context, 'payloads/espn_scoreboard_api_2023-24.json')), 'prefix/file.json');
    expect(events).toHaveLength(11);
    expect(events[0]).toEqual({ eventId: '401585183', commenceAt: parseInstant('2024-01-15T18:00:00Z'), home: 'PHI', away: 'HOU' });
    expect(events.every(({ home, away }) => tricodeOf(home) !== undefined && tricodeOf(away) !== undefined)).toBe(true);
  });

  it('of balldontlie number the teams as its own list does', (context) => {
    const list = JSON.parse(read(sharedData(context, 'payloads/balldontlie_v1_teams.json'))) as { data: { id: number; abbreviation: string }[] };
    expect(list.data.filter(({ id }) => id <= 30).map(({ abbreviation }) => abbreviation)).toEqual(Array.from({ length: 30 }, (_, index) => balldontlieTeam(index + 1)));
    expect(balldontlieTeam(31)).toBeUndefined();
  });

  it('of the league’s game log: 157 rows, scores summed from the players', (context) => {
    const text = read(sharedData(context, 'payloads/nba_stats_leaguegamelog_P_2025-03-15.json'));
    const log = JSON.parse(text) as { resultSets: { rowSet: unknown[][] }[] };
    const games = [...new Map(log.resultSets[0]!.rowSet.filter((row) => String(row[8]).includes(' vs. ')).map((row) => [row[6], row])).values()].map((row) => {
      const [home, away] = String(row[8]).split(' vs. ');
      return known(String(row[6]), '2025-03-15T23:00:00Z', away!, home!);
    });
    const parsed = transformOf('nbac_player_boxscore').parse(text, contextOf(games));
    expect(parsed.unresolved).toEqual([]);
    expect(parsed.rows).toHaveLength(157);
    expect(parsed.rows.every((row) => PlayerBoxScoreRow.safeParse(row).success)).toBe(true);
    expect(parsed.rows.find((row) => row['player_lookup'] === 'stephencurry')).toMatchObject({ points: 28, rebounds: 7, three_pointers_made: 4, home_team_score: 97, away_team_score: 94 });
  });
});

describe('real lines', () => {
  it('of the postponed GSW@MIN are those of the game of 2026-01-24', (context) => {
    const text = read(sharedData(context, 'payloads/oddsapi_v4_event_odds_player_props_GSW_MIN_2026-01-24_POSTPONED.json'));
    const parsed = transformOf('oddsa_player_props').parse(text, contextOf(season(context)));
    expect(parsed.unresolved).toEqual([]);
    expect(parsed.rows).toHaveLength(96);
    expect(parsed.rows.every((row) => PlayerPointsLineRow.safeParse(row).success && row['nba_game_id'] === '0022500644' && row['game_date'] === '2026-01-24' && row['is_usable'] === true)).toBe(true);
    expect(parsed.rows.find((row) => row['bookmaker'] === 'draftkings' && row['player_lookup'] === 'anthonyedwards')).toMatchObject({ points_line: 29.5, line_key: '295', minutes_before_tipoff: 274 });
  });

  it('of all 66 events of nine days are of known games, those after the early tips of ORL@MEM and WAS@CHA unusable', (context) => {
    const games = season(context);
    const lines = read(sharedData(context, 'props/odds_api_nba_event_odds.ndjson.gz')).trim().split('\n');
    const inWindow = lines.map((line) => JSON.parse(line) as { snapshot_date: string; event: unknown }).filter((line) => line.snapshot_date >= '2026-01-12' && line.snapshot_date <= '2026-01-26');
    const parsed = inWindow.map((line) => transformOf('oddsa_player_props').parse(JSON.stringify(line.event), contextOf(games)));
    const rows = parsed.flatMap((one) => one.rows);
    expect(inWindow).toHaveLength(66);
    expect(parsed.flatMap((one) => one.unresolved)).toEqual([]);
    expect(new Set(rows.filter((row) => row['is_usable'] === false).map((row) => row['nba_game_id']))).toEqual(new Set(['0022500602', '0022500645']));
    expect(parsed.filter((one) => one.rows.length === 0)).toHaveLength(2);
    const alternates = rows.filter((row) => row['bookmaker'] === 'betrivers' && row['player_lookup'] === 'anthonyedwards' && row['game_date'] === '2026-01-24');
    expect(alternates.length).toBeGreaterThan(1);
  });

  it('of an event list are matched by date and teams', (context) => {
    const text = read(sharedData(context, 'payloads/oddsapi_v4_historical_events_2025-03-09.json'));
    const { events, unresolved } = parseOddsEvents(text, { path: 'p', games: [known('0022400931', '2025-03-09T23:00:00Z', 'MEM', 'NOP')] });
    expect(events).toHaveLength(16);
    expect(events[0]).toMatchObject({ eventId: '242c77a8d5890e18bab91773ad32fcb5', game: { officialId: '0022400931' } });
    expect(unresolved.reduce((sum, { count }) => sum + count, 0)).toBe(15);
  });

  it('of PrizePicks: 88 points lines of seven games, the rest counted', (context) => {
    const parsed = transformOf('prizepicks_lines').parse(read(sharedData(context, 'payloads/prizepicks_nba_today_2026-01-24.json')), contextOf(season(context)));
    expect(parsed).toMatchObject({ unresolved: [], ignored: { 'other-market': 182 } });
    expect(parsed.rows).toHaveLength(88);
    expect(parsed.games).toHaveLength(7);
    expect(parsed.rows.every((row) => PlayerPointsLineRow.safeParse(row).success && row['over_price_american'] === null && row['is_usable'] === true)).toBe(true);
  });
});

describe('the real injury report', () => {
  it('is a page of a hundred players, out or day to day', (context) => {
    const parsed = transformOf('bdl_injuries').parse(read(sharedData(context, 'payloads/balldontlie_v1_player_injuries.json')), contextOf([]));
    expect(parsed.rows).toHaveLength(100);
    expect(parsed.hasMore).toBe(true);
    expect(parsed.rows.every((row) => InjuryRow.safeParse(row).success && row['report_date'] === gameDate('2026-01-24'))).toBe(true);
    expect(new Set(parsed.rows.map((row) => row['injury_status']))).toEqual(new Set(['OUT', 'DAY_TO_DAY']));
  });
});
