import {
  describeUpcomingPlayers, describeUpcomingTeams, summarisePlayerGames, summariseTeamDefense, summariseTeamOffense, type BoxScore, type ScheduledGame,
} from '@handoff/analytics';
import { epochMs, gameDate } from '@handoff/contracts';
import { aBoxScore, aGame, readRealSeason, realDataMissing } from '@handoff/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildDailyCache } from './daily-cache.ts';
import { buildFeatures } from './features.ts';
import { groupPlayerGames, historyBefore } from './player-history.ts';
import { predictPlayer } from './predictions.ts';
import { predictionSystems } from './systems/systems.ts';
import { rateTeams } from './team-form.ts';

interface World {
  readonly boxScores: readonly BoxScore[];
  readonly games: readonly ScheduledGame[];
}

/** Everything that is decided before a slate, made from the whole world, the future of the slate included. */
function morningOf(date: string, slate: readonly ScheduledGame[], world: World) {
  const input = { primary: { output: 'box', rows: world.boxScores }, alternatives: [], games: world.games };
  const summaries = summarisePlayerGames(input);
  const offense = summariseTeamOffense(input);
  const seasonYear = slate[0]!.season_year;
  const day = { gameDate: gameDate(date), games: slate, now: epochMs(Math.min(...slate.map((game) => game.tip_at)) - 1) };
  const teams = describeUpcomingTeams({ ...day, history: world.games, summaries: offense });
  const players = describeUpcomingPlayers({ ...day, history: summaries, teamGames: world.games, injuries: [], lines: { ODDS_API: [], PRIZEPICKS: [] } })
    .toSorted((a, b) => (a.player_lookup < b.player_lookup ? -1 : 1));
  const league = rateTeams({ offense, defense: summariseTeamDefense(input), date, seasonYear });
  const playerGames = groupPlayerGames(summaries);
  const caches = buildDailyCache({ players, playerGames, seasonYear, finalGames: world.games, summarisedGames: new Set(summaries.map((row) => row.nba_game_id)) });
  const features = players.map((player, index) => buildFeatures({ player, cache: caches[index], playerGames, seasonYear, league, teams }));
  const predictions = players.map((player, index) =>
    predictPlayer({ player, features: features[index]!, games: historyBefore(playerGames.get(player.player_lookup) ?? [], { date, seasonYear }).games, league, systems: predictionSystems, now: day.now }));
  return { teams, players, caches, features, predictions };
}

const abbrs = ['ORL', 'MEM', 'BOS', 'LAL'] as const;
const dates = Array.from({ length: 14 }, (_, index) => `2025-12-${String(index + 1).padStart(2, '0')}`);
const slateDate = dates[9]!;

const tipOf = (date: string) => epochMs(Date.parse(`${date}T23:00:00Z`));

const gamesOn = (date: string, index: number): ScheduledGame[] =>
  [[0, 1 + (index % 3)] as const].map(([home, away]) =>
    aGame({ game_date: date, game_id: `00225${String(index).padStart(5, '0')}`, tip_at: tipOf(date), home_team_tricode: abbrs[home], away_team_tricode: abbrs[away]! }));

const boxOf = (game: ScheduledGame, points: readonly number[]): BoxScore[] =>
  [game.home_team_tricode, game.away_team_tricode].flatMap((team) =>
    [0, 1].map((player) => aBoxScore({ game_date: game.game_date, nba_game_id: game.game_id, team_abbr: team, player_lookup: `${team.toLowerCase()}${player}`, points: points[player]! })));

const points = fc.tuple(fc.nat(40), fc.nat(40));

it('no row on or after the date changes what is decided before it, whatever becomes of those rows', () => {
  fc.assert(fc.property(fc.array(points, { minLength: 14, maxLength: 14 }), fc.array(points, { minLength: 14, maxLength: 14 }), fc.nat(3), (scored, other, shift) => {
    const games = dates.flatMap(gamesOn);
    const boxScores = games.flatMap((game, index) => boxOf(game, scored[index]!));
    const future = games
      .flatMap((game, index) => (game.game_date < slateDate ? [] : boxOf(game, other[index]!)))
      .map((row, index) => ({ ...row, minutes: (row.minutes + 7 * index) % 49, player_lookup: index % 4 === shift ? 'somebodynew' : row.player_lookup }));
    const changed = {
      boxScores: [...future.toReversed(), ...boxScores.filter((row) => row.game_date < slateDate)],
      games: [...games.filter((game) => game.game_date > slateDate).map((game) => ({ ...game, home_team_score: 1, away_team_score: 200 })).toReversed(), ...games.filter((game) => game.game_date <= slateDate)],
    };
    const slate = games.filter((game) => game.game_date === slateDate);
    const morning = morningOf(slateDate, slate, { boxScores, games });
    expect(morning.features.length).toBeGreaterThan(0);
    expect(morningOf(slateDate, slate, changed)).toEqual(morning);
  }), { numRuns: 30 });
});

it('the rows before the date do change it: the property above looks at something', () => {
  const games = dates.flatMap(gamesOn);
  const boxScores = games.flatMap((game) => boxOf(game, [20, 10]));
  const slate = games.filter((game) => game.game_date === slateDate);
  const changed = boxScores.map((row) => (row.game_date === dates[8] ? { ...row, points: row.points + 10 } : row));
  expect(morningOf(slateDate, slate, { boxScores: changed, games }).features).not.toEqual(morningOf(slateDate, slate, { boxScores, games }).features);
});

const missing = realDataMissing();

describe('on the season 2025-26', () => {
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });

  it.each(['2025-10-22', '2025-12-05', '2026-01-24'])('the morning of %s is the same when every box score from then on is permuted', (date) => {
    const season = readRealSeason('2025-26');
    const slate = season.games.filter((game) => game.game_date === date);
    const later = season.boxScores.filter((row) => row.game_date >= date);
    // Everybody gets the line of somebody else: the n-th row its opposite's, counted from the end.
    const permuted = later.map((row, index) => ({ ...later[later.length - 1 - index]!, game_date: row.game_date, game_id: row.game_id, nba_game_id: row.nba_game_id, team_abbr: row.team_abbr }));
    const changed = { boxScores: [...permuted, ...season.boxScores.filter((row) => row.game_date < date)], games: season.games };
    expect(morningOf(date, slate, changed)).toEqual(morningOf(date, slate, season));
  });
});
