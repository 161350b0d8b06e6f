import { aBoxScore, aGame } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import type { BoxScore } from './box-scores.ts';
import { summarisePlayerGames } from './player-games.ts';

const summarise = (primary: readonly BoxScore[], alternative: readonly BoxScore[] = [], games = [aGame()]) =>
  summarisePlayerGames({ primary: { output: 'first', rows: primary }, alternatives: [{ output: 'second', rows: alternative }], games });

describe('the source of a game', () => {
  const other = { nba_game_id: '0022500579', game_id: '20260115_BOS_MIA', team_abbr: 'BOS', player_lookup: 'jaylenbrown' };
  const games = [aGame(), aGame({ game_id: other.nba_game_id, home_team_tricode: 'MIA', away_team_tricode: 'BOS' })];

  it('is chosen game by game, and the row says which', () => {
    const rows = summarise([aBoxScore()], [aBoxScore({ points: 99 }), aBoxScore(other)], games);
    expect(rows.map((row) => [row.player_lookup, row.points, row.primary_source_used])).toEqual([['paolobanchero', 20, 'first'], ['jaylenbrown', 20, 'second']]);
  });

  it('is the alternative while the primary lists the roster without minutes', () => {
    expect(summarise([aBoxScore({ minutes: 0, points: 0 })], [aBoxScore()]).map((row) => row.primary_source_used)).toEqual(['second']);
  });

  it('is never mixed within a game, though the other source knows a player more', () => {
    expect(summarise([aBoxScore()], [aBoxScore(), aBoxScore({ player_lookup: 'franzwagner' })])).toHaveLength(1);
  });

  it('is nobody when neither has minutes: no row, not a row of zeros', () => {
    expect(summarise([aBoxScore({ minutes: 0 })], [])).toEqual([]);
  });
});

it('keeps a listed player without minutes, with rates that do not exist rather than zeros', () => {
  const idle = summarise([aBoxScore(), aBoxScore({ player_lookup: 'benched', minutes: 0, points: 0, field_goals_attempted: 0, free_throws_attempted: 0, turnovers: 0 })])[1];
  expect(idle).toMatchObject({ player_lookup: 'benched', minutes_played: 0, points: 0, usage_rate: null, ts_pct: null, efg_pct: null });
});

it('computes usage over the floor time of the player, true shooting and effective field goals', () => {
  const teammates = Array.from({ length: 7 }, (_, index) => aBoxScore({ player_lookup: `mate${index}`, field_goals_attempted: 10, free_throws_attempted: 0, turnovers: 0 }));
  const [row] = summarise([aBoxScore(), ...teammates]);
  // 240 minutes; 20.2 of 90.2 possessions in 30 of 48 minutes.
  expect(row).toMatchObject({ usage_rate: 0.3583, ts_pct: 0.5814, efg_pct: 0.5333 });
});

it('holds usage to 1 in a minute of garbage time', () => {
  const regular = aBoxScore({ player_lookup: 'regular', minutes: 239, field_goals_attempted: 80 });
  expect(summarise([aBoxScore({ minutes: 1 }), regular])[0]!.usage_rate).toBe(1);
});

it.each([
  ['ORL', [118, 111], { is_home: true, opponent_team_abbr: 'MEM', win_flag: true }],
  ['MEM', [118, 111], { is_home: false, opponent_team_abbr: 'ORL', win_flag: false }],
  ['ORL', [100, 111], { is_home: true, opponent_team_abbr: 'MEM', win_flag: false }],
  // Without an official score the players' sums decide: here only one player is listed.
  ['MEM', [null, null], { is_home: false, opponent_team_abbr: 'ORL', win_flag: true }],
] as const)('%s in a game that ended %j: %j', (team, [home, away], expected) => {
  expect(summarise([aBoxScore({ team_abbr: team })], [], [aGame({ home_team_score: home, away_team_score: away })])[0]).toMatchObject(expected);
});

it('takes no score from a schedule that does not call the game final yet', () => {
  expect(summarise([aBoxScore({ team_abbr: 'MEM' })], [], [aGame({ game_status: 2, home_team_score: 60, away_team_score: 50 })])[0]).toMatchObject({ win_flag: true });
});

it('leaves out postponed games, games it was not asked for, and players of a third team', () => {
  expect(summarise([aBoxScore()], [], [aGame({ is_postponed: true })])).toEqual([]);
  expect(summarise([aBoxScore({ nba_game_id: '0022500999' })])).toEqual([]);
  expect(summarise([aBoxScore(), aBoxScore({ player_lookup: 'tradedsince', team_abbr: 'LAL' })])).toHaveLength(1);
});
