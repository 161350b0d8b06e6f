import { gameDate, parseInstant } from '@handoff/contracts';
import { aGame, aLine, anInjury, aSummary } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { daysBefore } from './calendar.ts';
import { describeUpcomingPlayers, type UpcomingPlayersInput } from './upcoming-players.ts';

const slateDate = '2026-01-15';
/** Twelve games of ORL, one every second day; index 1 is the last. */
const gameBack = (index: number) => ({ game_date: daysBefore(slateDate, 2 * index), nba_game_id: `00225010${String(index).padStart(2, '0')}` });
const teamGames = Array.from({ length: 12 }, (_, index) => gameBack(index + 1)).map(({ game_date, nba_game_id }) =>
  aGame({ game_date, game_id: nba_game_id, tip_at: parseInstant(`${game_date}T23:00:00Z`) }));

const players = (over: Partial<UpcomingPlayersInput>) =>
  describeUpcomingPlayers({
    gameDate: gameDate(slateDate), games: [aGame({ game_status: 1, home_team_score: null, away_team_score: null })], history: [aSummary(gameBack(1))], teamGames, injuries: [],
    lines: { ODDS_API: [], PRIZEPICKS: [] }, now: parseInstant('2026-01-15T18:00:00Z'), ...over,
  });

describe('who is expected', () => {
  it.each([
    ['played in the last game', [aSummary(gameBack(1))], 1],
    ['played in the tenth last game alone', [aSummary(gameBack(10))], 1],
    ['played in the eleventh last game alone', [aSummary(gameBack(11))], 0],
    ['is listed in every game without minutes', [aSummary({ ...gameBack(1), minutes_played: 0 }), aSummary({ ...gameBack(2), minutes_played: 0 })], 0],
    ['rested in the last game', [aSummary({ ...gameBack(1), minutes_played: 0 }), aSummary(gameBack(2))], 1],
    ['was traded away since', [aSummary(gameBack(2)), aSummary({ ...gameBack(1), team_abbr: 'LAL', nba_game_id: '0022509999' })], 0],
    ['came by trade and has played here', [aSummary({ ...gameBack(2), team_abbr: 'LAL', nba_game_id: '0022509999' }), aSummary(gameBack(1))], 1],
    ['came by trade and has not played here', [aSummary({ ...gameBack(2), team_abbr: 'LAL', nba_game_id: '0022509999' }), aSummary({ ...gameBack(1), minutes_played: 0 })], 0],
    ['came by trade and has played here as an opponent alone', [aSummary({ ...gameBack(2), team_abbr: 'MEM' }), aSummary({ ...gameBack(1), minutes_played: 0 })], 0],
    ['plays only on the day itself', [aSummary({ game_date: slateDate, nba_game_id: '0022500578' })], 0],
  ])('%s', (_, history, expected) => {
    expect(players({ history })).toHaveLength(expected);
  });

  it.each([
    ['OUT', '2026-01-15', []],
    ['OUT', '2026-01-14', []],
    ['OUT', '2026-01-13', [null]],
    ['OUT', '2026-01-16', [null]],
    ['DOUBTFUL', '2026-01-15', ['DOUBTFUL']],
    ['QUESTIONABLE', '2026-01-15', ['QUESTIONABLE']],
  ])('%s on the report of %s: status of the rows %j', (status, reported, shown) => {
    expect(players({ injuries: [anInjury({ injury_status: status, report_date: reported })] }).map((row) => row.injury_status)).toEqual(shown);
  });

  it('is cleared by a newer report that no longer lists him', () => {
    expect(players({ injuries: [anInjury({ report_date: '2026-01-14' }), anInjury({ player_lookup: 'somebodyelse' })] })).toHaveLength(1);
  });
});

it('counts his own rest, not the team\'s, and only games with minutes', () => {
  const history = [aSummary({ ...gameBack(1), minutes_played: 0 }), aSummary(gameBack(2)), aSummary(gameBack(3))];
  expect(players({ history })[0]).toMatchObject({ days_rest: 4, is_back_to_back: false, games_in_last_7_days: 2, games_in_last_14_days: 2 });
});

it('gives a player without a line NO_PROP_LINE, and does not take another game\'s', () => {
  const [row] = players({ lines: { ODDS_API: [aLine({ nba_game_id: '0022500999' })], PRIZEPICKS: [] } });
  expect(row).toMatchObject({ has_prop_line: false, line_source: 'NO_PROP_LINE', line_source_api: null, current_points_line: null });
});

it('carries the resolved line', () => {
  expect(players({ lines: { ODDS_API: [aLine()], PRIZEPICKS: [] } })[0]).toMatchObject({ has_prop_line: true, line_source: 'ACTUAL_PROP', sportsbook: 'draftkings', current_points_line: 20.5 });
});

it('does not change when rows on or after the slate do', () => {
  const future = [aSummary({ game_date: slateDate, team_abbr: 'LAL' }), aSummary({ game_date: '2026-01-20', team_abbr: 'BOS', minutes_played: 48 })];
  const laterGames = [aGame({ game_date: '2026-01-16', game_id: '0022500600' })];
  expect(players({ history: [aSummary(gameBack(1)), ...future], teamGames: [...teamGames, ...laterGames] })).toEqual(players({}));
});
