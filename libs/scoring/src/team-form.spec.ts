import { summariseTeamDefense, summariseTeamOffense } from '@handoff/analytics';
import { aBoxScore, aGame } from '@handoff/testing';
import { expect, it } from 'vitest';
import { rateTeams, typicalTeam } from './team-form.ts';

const games = Array.from({ length: 15 }, (_, index) => aGame({ game_id: `00225000${String(index + 10)}`, game_date: `2026-01-${String(index + 1).padStart(2, '0')}`, home_team_score: 30, away_team_score: 20 }));
const rows = games.flatMap(({ game_id, game_date }) => [
  aBoxScore({ nba_game_id: game_id, game_date, points: 30 }), aBoxScore({ nba_game_id: game_id, game_date, team_abbr: 'MEM', player_lookup: 'jamorant', points: 20 }),
]);
const input = { primary: { output: 'box', rows }, alternatives: [], games };
const rate = (date: string, seasonYear = 2025) => rateTeams({ offense: summariseTeamOffense(input), defense: summariseTeamDefense(input), date, seasonYear });

it('draws a team half way to the league after 15 games, and what one scores the other allows', () => {
  // 18.2 possessions a game: 164.84 points per 100 for ORL, 109.89 for MEM, 137.365 in the league.
  const { teams, league } = rate('2026-01-16');
  expect(league.offensiveRating).toBeCloseTo(137.365, 9);
  expect(teams.get('ORL')).toMatchObject({ offensiveRating: expect.closeTo(151.1025, 9) as number, defensiveRating: expect.closeTo(123.6275, 9) as number, wins: 15, losses: 0 });
  expect(teams.get('MEM')).toMatchObject({ offensiveRating: expect.closeTo(123.6275, 9) as number, defensiveRating: expect.closeTo(151.1025, 9) as number, wins: 0, losses: 15 });
});

it('knows nothing of the date itself, nor of another season', () => {
  expect(rate('2026-01-02').teams.get('ORL')).toMatchObject({ wins: 1 });
  for (const empty of [rate('2026-01-01'), rate('2026-01-16', 2024)]) {
    expect(empty.teams.size).toBe(0);
    expect(empty.league).toEqual(typicalTeam);
  }
});
