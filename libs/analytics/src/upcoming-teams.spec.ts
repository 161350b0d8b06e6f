import { epochMs, gameDate, parseInstant } from '@handoff/contracts';
import { aGame } from '@handoff/testing';
import { expect, it } from 'vitest';
import { describeUpcomingTeams } from './upcoming-teams.ts';

const slate = { gameDate: gameDate('2026-01-15'), games: [aGame({ game_status: 1, home_team_score: null, away_team_score: null })], now: parseInstant('2026-01-15T15:00:00Z') };
const past = (date: string, over: Parameters<typeof aGame>[0] = {}) => aGame({ game_date: date, game_id: `00225${date.slice(5, 7)}${date.slice(8)}0`, ...over });
const describeWith = (history: readonly ReturnType<typeof aGame>[], summaries: readonly { team_abbr: string; nba_game_id: string }[] = []) =>
  describeUpcomingTeams({ ...slate, history, summaries });

it('makes one row per team, with the date id of the slate', () => {
  expect(describeWith([])).toMatchObject([
    { team_abbr: 'ORL', opponent_team_abbr: 'MEM', is_home: true, game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', days_rest: null, is_back_to_back: false, completeness_pct: 100 },
    { team_abbr: 'MEM', opponent_team_abbr: 'ORL', is_home: false },
  ]);
});

it.each([
  ['2026-01-14', { days_rest: 1, is_back_to_back: true, games_in_last_7_days: 1, games_in_last_14_days: 1 }],
  ['2026-01-08', { days_rest: 7, is_back_to_back: false, games_in_last_7_days: 1, games_in_last_14_days: 1 }],
  ['2026-01-07', { days_rest: 8, is_back_to_back: false, games_in_last_7_days: 0, games_in_last_14_days: 1 }],
  ['2026-01-01', { days_rest: 14, is_back_to_back: false, games_in_last_7_days: 0, games_in_last_14_days: 1 }],
  ['2025-12-31', { days_rest: 15, is_back_to_back: false, games_in_last_7_days: 0, games_in_last_14_days: 0 }],
])('after a last game on %s: %j', (lastPlayed, expected) => {
  expect(describeWith([past(lastPlayed)])[0]).toMatchObject(expected);
});

it('counts wins and losses of this season, from either side, and never a game that was not played', () => {
  const history = [
    past('2026-01-10'), past('2026-01-11', { home_team_tricode: 'LAL', away_team_tricode: 'ORL' }), past('2026-01-12', { home_team_score: null, away_team_score: null }),
    past('2026-01-13', { is_postponed: true }), past('2025-04-01', { season_year: 2024 }), past('2026-01-15'), past('2026-01-16'),
  ];
  expect(describeWith(history)[0]).toMatchObject({ season_wins: 1, season_losses: 1, days_rest: 4 });
});

it('reports the share of final games that have a summary', () => {
  const history = [past('2026-01-10'), past('2026-01-11'), past('2026-01-12')];
  expect(describeWith(history, [{ team_abbr: 'ORL', nba_game_id: history[0]!.game_id }])[0]!.completeness_pct).toBe(33.3);
});

it('leaves out postponed games, other dates, and games from their tip-off on', () => {
  const none = (over: object) => describeUpcomingTeams({ ...slate, history: [], summaries: [], ...over });
  expect(none({ games: [aGame({ is_postponed: true })] })).toEqual([]);
  expect(none({ games: [aGame({ game_date: '2026-01-16' })] })).toEqual([]);
  expect(none({ now: aGame().tip_at })).toEqual([]);
  expect(none({ now: epochMs(aGame().tip_at - 1) })).toHaveLength(2);
});
