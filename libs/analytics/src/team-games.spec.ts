import { readRealSeason, realDataMissing, aBoxScore, aGame } from '@handoff/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { gameMinutesOf, summariseTeamDefense, summariseTeamOffense } from './team-games.ts';

it.each`
  teamMinutes | gameMinutes | why
  ${240}      | ${48}       | ${'regulation'}
  ${237}      | ${48}       | ${'regulation with rounded minutes'}
  ${243}      | ${48}       | ${'regulation with rounded minutes'}
  ${265}      | ${53}       | ${'one overtime'}
  ${291}      | ${58}       | ${'two overtimes, rounded'}
  ${100}      | ${48}       | ${'a box score with players missing'}
`('$teamMinutes player minutes are a game of $gameMinutes: $why', ({ teamMinutes, gameMinutes }: Record<string, number>) => {
  expect(gameMinutesOf(teamMinutes!)).toBe(gameMinutes);
});

const team = (abbr: string, minutes: number) =>
  Array.from({ length: 5 }, (_, index) => aBoxScore({ team_abbr: abbr, player_lookup: `${abbr.toLowerCase()}${index}`, minutes }));
const input = (minutes: number) => ({ primary: { output: 'first', rows: [...team('ORL', minutes), ...team('MEM', minutes)] }, alternatives: [], games: [aGame()] });

it('derives possessions, ratings and pace from the sum of the players', () => {
  // Each side: 75 attempts + 0.44 x 25 free throws - 10 offensive rebounds + 15 turnovers = 91; 100 points.
  const [home, away] = summariseTeamOffense(input(48));
  expect(home).toMatchObject({ team_abbr: 'ORL', home_game: true, points_scored: 100, possessions: 91, offensive_rating: 109.89, pace: 91, margin_of_victory: 7, win_flag: true, players_used: 5 });
  expect(away).toMatchObject({ team_abbr: 'MEM', opponent_team_abbr: 'ORL', home_game: false, margin_of_victory: -7, win_flag: false });
  expect(summariseTeamDefense(input(48))[0]).toMatchObject({ defending_team_abbr: 'ORL', points_allowed: 100, turnovers_forced: 15, defensive_rating: 109.89 });
});

it('brings the pace of an overtime game back to 48 minutes', () => {
  expect(summariseTeamOffense(input(53))[0]!.pace).toBe(82.42);
});

it('says nothing about a game of which only one team is known', () => {
  expect(summariseTeamOffense({ ...input(48), primary: { output: 'first', rows: team('ORL', 48) } })).toEqual([]);
});

const missing = realDataMissing();

describe('on the season 2025-26 to January 26', () => {
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });

  it('has two rows a game whose points are the official score, but for one game that the sources dispute', () => {
    const season = readRealSeason('2025-26');
    const rows = summariseTeamOffense({ primary: { output: 'first', rows: season.boxScores }, alternatives: [], games: season.games });
    const scores = new Map(season.games.flatMap((game) => [[`${game.game_id} ${game.home_team_tricode}`, game.home_team_score], [`${game.game_id} ${game.away_team_tricode}`, game.away_team_score]]));
    expect(rows).toHaveLength(1_380);
    expect(rows.filter((row) => row.points_scored !== scores.get(`${row.nba_game_id} ${row.team_abbr}`))).toHaveLength(1);
    expect(rows.every((row) => row.pace !== null && row.pace > 80 && row.pace < 125)).toBe(true);
  });
});
