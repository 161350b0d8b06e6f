import {
  describeUpcomingPlayers, describeUpcomingTeams, groupBy, summarisePlayerGames, summariseTeamDefense, summariseTeamOffense, type OfferedLines,
} from '@handoff/analytics';
import { before, gameDate, milliseconds } from '@handoff/contracts';
import { readRealLines, readRealSeason, realDataMissing, type RealSeason } from '@handoff/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildDailyCache } from './daily-cache.ts';
import { buildFeatures } from './features.ts';
import { groupPlayerGames, historyBefore } from './player-history.ts';
import { edgeMin } from './recommendation.ts';
import { mean } from './statistics.ts';
import { predictionSystems } from './systems/systems.ts';
import { rateTeams } from './team-form.ts';

interface Outcome {
  readonly actual: number;
  readonly naive: number;
  /** A sportsbook's line; PrizePicks' are not judged. */
  readonly line: number | null;
  readonly points: Readonly<Record<string, number>>;
  readonly confidence: number;
}

const ids = predictionSystems.map(({ id }) => id);
const pairs = ids.flatMap((first, index) => ids.slice(index + 1).map((second) => [first, second] as const));

/** Every player who was predicted and played, game by game, as the phases would have done it just before tip-off. */
function outcomesOf(season: RealSeason, lines: OfferedLines, isWanted: (date: string) => boolean): Outcome[] {
  const input = { primary: { output: 'box', rows: season.boxScores }, alternatives: [], games: season.games };
  const summaries = summarisePlayerGames(input);
  const offense = summariseTeamOffense(input);
  const defense = summariseTeamDefense(input);
  const playerGames = groupPlayerGames(summaries);
  const summarisedGames = new Set(summaries.map((row) => row.nba_game_id));
  const byGame = { ODDS_API: groupBy(lines.ODDS_API, (line) => line.nba_game_id), PRIZEPICKS: groupBy(lines.PRIZEPICKS, (line) => line.nba_game_id) };
  const seasonYear = season.games[0]!.season_year;
  const outcomes: Outcome[] = [];
  for (const [date, games] of groupBy(season.games.filter((game) => isWanted(game.game_date)), (game) => game.game_date)) {
    const league = rateTeams({ offense, defense, date, seasonYear });
    const history = summaries.filter((row) => row.game_date < date);
    const actual = new Map(summaries.filter((row) => row.game_date === date && row.minutes_played > 0).map((row) => [row.player_lookup, row.points]));
    for (const game of games) {
      const slate = { gameDate: gameDate(date), games: [game], now: before(game.tip_at, milliseconds(1)) };
      const teams = describeUpcomingTeams({ ...slate, history: season.games, summaries: offense });
      const offered = { ODDS_API: byGame.ODDS_API.get(game.game_id) ?? [], PRIZEPICKS: byGame.PRIZEPICKS.get(game.game_id) ?? [] };
      const players = describeUpcomingPlayers({ ...slate, history, teamGames: season.games, injuries: [], lines: offered });
      const caches = new Map(buildDailyCache({ players, playerGames, seasonYear, finalGames: season.games, summarisedGames }).map((row) => [row.player_lookup, row]));
      for (const player of players) {
        const points = actual.get(player.player_lookup);
        const past = historyBefore(playerGames.get(player.player_lookup) ?? [], { date, seasonYear });
        if (points === undefined || past.games.length === 0) continue;
        const features = buildFeatures({ player, cache: caches.get(player.player_lookup), playerGames, seasonYear, league, teams });
        const predicted = predictionSystems.map(({ id, predict }) => [id, predict({ player, features, games: past.games, league })] as const);
        outcomes.push({
          actual: points,
          naive: past.season.points / past.season.games,
          line: player.line_source_api === 'ODDS_API' ? player.current_points_line : null,
          points: Object.fromEntries(predicted.map(([id, prediction]) => [id, prediction.points])),
          confidence: predicted.at(-1)![1].confidence,
        });
      }
    }
  }
  return outcomes;
}

function figuresOf(outcomes: readonly Outcome[]) {
  const maeOf = (pick: (outcome: Outcome) => number): number => mean(outcomes.map((outcome) => Math.abs(pick(outcome) - outcome.actual)))!;
  const adjustments = (id: string): number[] => outcomes.map((outcome) => outcome.points[id]! - outcome.naive);
  return {
    players: outcomes.length,
    naive: maeOf((outcome) => outcome.naive),
    mae: Object.fromEntries(ids.map((id) => [id, maeOf((outcome) => outcome.points[id]!)])),
    picks: Object.fromEntries(ids.map((id) => [id, picksOf(outcomes, id)])),
    within5: mean(outcomes.map((outcome) => Number(Math.abs(outcome.points['ensemble_v1']! - outcome.actual) <= 5)))!,
    confidence: mean(outcomes.map((outcome) => outcome.confidence))!,
    correlations: Object.fromEntries(pairs.map(([a, b]) => [`${a} ~ ${b}`, correlation(adjustments(a), adjustments(b))])),
  };
}

/** The picks that the systems would have made on sportsbooks' lines: how many, the share of OVER, the share won. */
function picksOf(outcomes: readonly Outcome[], id: string) {
  const picks = outcomes.flatMap(({ line, points, actual }) => (line === null || Math.abs(points[id]! - line) < edgeMin ? [] : [{ over: points[id]! > line, line, actual }]));
  const decided = picks.filter(({ line, actual }) => line !== actual);
  return { count: picks.length, over: mean(picks.map(({ over }) => Number(over))), won: mean(decided.map(({ over, line, actual }) => Number(over === actual > line))) };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a)!, mean(b)!];
  const products = (x: readonly number[], y: readonly number[], mx: number, my: number): number => x.reduce((sum, value, index) => sum + (value - mx) * (y[index]! - my), 0);
  return products(a, b, meanA, meanB) / Math.sqrt(products(a, a, meanA, meanA) * products(b, b, meanB, meanB));
}

const noLines: OfferedLines = { ODDS_API: [], PRIZEPICKS: [] };
const inWindow = (date: string): boolean => date >= '2026-01-12' && date <= '2026-01-26';
// One date in four of 2024-25, November to March: enough players to tell, cheap enough for every run.
const sampled2024 = (date: string): boolean => date >= '2024-11-01' && date < '2025-04-01' && Number(date.slice(8)) % 4 === 1;

const missing = realDataMissing();

describe('accuracy on real seasons', () => {
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });

  it.each([
    ['2026-01-12 to 26 with the lines of those days', '2025-26', inWindow, true],
    ['2026-01-12 to 26 without any line', '2025-26', inWindow, false],
    ['2024-25, November to March, without any line', '2024-25', sampled2024, false],
  ] as const)('%s: the ensemble is no worse than the season average, no system much worse, none a copy of another, no side favoured', (_, seasonName, isWanted, withLines) => {
    const season = readRealSeason(seasonName);
    const figures = figuresOf(outcomesOf(season, withLines ? readRealLines(season.games) : noLines, isWanted));
    process.stdout.write(`${JSON.stringify(figures, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(4)) : value))}\n`);
    expect(figures.players).toBeGreaterThan(2_000);
    expect(figures.mae['ensemble_v1']).toBeLessThanOrEqual(figures.naive);
    for (const id of ids) expect(figures.mae[id]).toBeLessThanOrEqual(1.05 * figures.naive);
    // Confidence says how often a prediction is within 5 points.
    expect(Math.abs(figures.confidence - figures.within5)).toBeLessThan(0.04);
    // Neither side is favoured (incident 20): 45 to 55 % is the target over weeks, a slate or two may lean.
    for (const { count, over } of Object.values(figures.picks)) if (count > 0) expect(Math.abs(over! - 0.5)).toBeLessThan(0.1);
    for (const pair of Object.values(figures.correlations)) expect(pair).toBeLessThan(0.95);
  });
});
