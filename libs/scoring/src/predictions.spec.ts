import { epochMs, parseInstant } from '@handoff/contracts';
import { aSummary, anUpcomingPlayer } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFeatures } from './features.ts';
import { lineKeyOf, lineOfKey } from './line-key.ts';
import { groupPlayerGames } from './player-history.ts';
import { isPredictable, predictPlayer, type PlayerPredictionInput } from './predictions.ts';
import { recommend } from './recommendation.ts';
import type { PredictionSystem } from './systems/prediction-system.ts';
import { predictionSystems } from './systems/systems.ts';

const tipAt = anUpcomingPlayer().tip_at;
const now = parseInstant('2026-01-15T18:00:00Z');
const league = { teams: new Map(), league: { offensiveRating: 113, defensiveRating: 113, pace: 100 } };
const games = [aSummary({ game_date: '2026-01-13' })];
const always = (points: number): PredictionSystem => ({ id: `always_${points}`, predict: () => ({ points, confidence: 0.5, factors: {} }) });
const withLine = (line: number) =>
  anUpcomingPlayer({ has_prop_line: true, line_source: 'ACTUAL_PROP', line_source_api: 'ODDS_API', sportsbook: 'draftkings', current_points_line: line, opening_points_line: line });

function predict(over: Partial<PlayerPredictionInput> = {}, quality = 85) {
  const player = over.player ?? withLine(20.5);
  const features = { ...buildFeatures({ player, cache: undefined, playerGames: groupPlayerGames(games), seasonYear: 2025, league, teams: [] }), feature_quality_score: quality };
  return predictPlayer({ player, features, games, league, systems: [always(22)], now, ...over });
}

const rowsOf = (prediction: ReturnType<typeof predict>) => (prediction.verdict === 'predicted' ? prediction.rows : []);

it.each([[-1, 'predictable'], [0, 'refused'], [1, 'refused']])('%d ms after tip-off a game is %s', (offset, verdict) => {
  expect(isPredictable(tipAt, epochMs(tipAt + offset)).verdict).toBe(verdict);
});

it.each([
  ['the game has tipped off', { now: tipAt }, 85, 'tipped-off'],
  ['he has not played this season', { games: [] }, 85, 'no-historical-data'],
  ['quality is below 50', {}, 49.99, 'quality-below-minimum'],
])('skips a player when %s', (_, over, quality, reason) => {
  expect(predict(over, quality)).toEqual({ verdict: 'skipped', reason });
});

it('refuses features of another game', () => {
  expect(() => predict({ player: { ...withLine(20.5), nba_game_id: '0022500999' }, features: buildFeatures({ player: withLine(20.5), cache: undefined, playerGames: new Map(), seasonYear: 2025, league, teams: [] }) })).toThrow('given for paolobanchero in 0022500999');
});

it('makes one active row per system, with the margin of the points as they are written', () => {
  const rows = rowsOf(predict({ systems: [always(22.004), always(18)] }));
  expect(rows).toMatchObject([
    { system_id: 'always_22.004', line_key: '205', predicted_points: 22, line_margin: 1.5, recommendation: 'OVER', has_prop_line: true, is_active: true, superseded_by: null, predicted_at: now, factors: { quality: 'normal' } },
    { system_id: 'always_18', line_margin: -2.5, recommendation: 'UNDER' },
  ]);
});

it('predicts without a line: NO_LINE under the key none', () => {
  expect(rowsOf(predict({ player: anUpcomingPlayer() }))).toMatchObject([{ line_key: 'none', recommendation: 'NO_LINE', has_prop_line: false, line_margin: null, current_points_line: null, predicted_points: 22 }]);
});

it('takes a real line of 20.0 for what it is', () => {
  expect(rowsOf(predict({ player: withLine(20) }))).toMatchObject([{ line_key: '200', recommendation: 'OVER', line_margin: 2 }]);
});

it.each([
  [1, 'normal', 'OVER'], [0.99, 'normal', 'PASS'], [0, 'normal', 'PASS'], [-0.99, 'normal', 'PASS'], [-1, 'normal', 'UNDER'],
  [9, 'low-confidence', 'PASS'], [-9, 'low-confidence', 'PASS'], [null, 'normal', 'NO_LINE'], [null, 'low-confidence', 'NO_LINE'],
] as const)('a margin of %s at %s quality: %s', (margin, quality, recommendation) => {
  expect(recommend({ margin, quality })).toBe(recommendation);
});

describe('the line key', () => {
  it.each([[20.5, '205'], [20, '200'], [0.5, '5'], [7.1, '71'], [null, 'none']])('of %s is %s', (line, key) => {
    expect(lineKeyOf(line)).toBe(key);
  });

  it.each([[20.25], [-0.5], [Number.NaN]])('of %d is refused', (line) => {
    expect(() => lineKeyOf(line)).toThrow(RangeError);
  });

  it('leads back to the line, and no two lines share one', () => {
    const line = fc.option(fc.integer({ min: 0, max: 999 }).map((tenths) => tenths / 10));
    fc.assert(fc.property(line, line, (a, b) => {
      expect(lineOfKey(lineKeyOf(a))).toBe(a);
      expect(lineKeyOf(a) === lineKeyOf(b)).toBe(a === b);
    }));
  });
});

describe('every system', () => {
  const game = fc.record({ points: fc.integer({ min: 0, max: 60 }), minutes_played: fc.integer({ min: 1, max: 48 }), is_home: fc.boolean() });

  it('has an id of its own', () => {
    expect(predictionSystems.map(({ id }) => id)).toEqual(['moving_average_v1', 'similarity_balanced_v1', 'ensemble_v1']);
  });

  it.each(predictionSystems.map((system) => [system.id, system] as const))('%s stays near what the player and the market have seen, is sure between 0 and 1, and repeats itself', (_, system) => {
    fc.assert(fc.property(fc.array(game, { minLength: 1, maxLength: 30 }), fc.option(fc.integer({ min: 1, max: 80 }).map((half) => half / 2)), (facts, line) => {
      const past = facts.map((over, index) => aSummary({ ...over, game_date: new Date(Date.parse('2025-11-01') + 2 * index * 86_400_000).toISOString().slice(0, 10) }));
      const player = line === null ? anUpcomingPlayer() : withLine(line);
      const features = buildFeatures({ player, cache: undefined, playerGames: groupPlayerGames(past), seasonYear: 2025, league, teams: [] });
      const prediction = system.predict({ player, features, games: past, league });
      const { points, confidence } = prediction;
      const most = Math.max(line ?? 0, ...facts.map((fact) => fact.points), 48 * Math.max(0.47, ...facts.map((fact) => fact.points / fact.minutes_played)));
      expect(points).toBeGreaterThanOrEqual(0);
      expect(points).toBeLessThanOrEqual(1.1 * most);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(system.predict({ player, features, games: past, league })).toEqual(prediction);
    }));
  });

  it('the ensemble meets a line half way from what it would say without', () => {
    const past = Array.from({ length: 20 }, (_, index) => aSummary({ game_date: `2025-12-${String(index + 1).padStart(2, '0')}`, points: 15 + (index % 10) }));
    const points = (player: ReturnType<typeof anUpcomingPlayer>) => {
      const features = buildFeatures({ player, cache: undefined, playerGames: groupPlayerGames(past), seasonYear: 2025, league, teams: [] });
      return predictionSystems[2]!.predict({ player, features, games: past, league }).points;
    };
    expect(points(withLine(30))).toBeCloseTo((points(anUpcomingPlayer()) + 30) / 2, 6);
  });

  it('moves a little with the opponent: a weak defence raises, a strong one lowers', () => {
    const past = Array.from({ length: 20 }, (_, index) => aSummary({ game_date: `2025-12-${String(index + 1).padStart(2, '0')}`, points: 15 + (index % 10) }));
    const against = (defensiveRating: number) => {
      const form = { teams: new Map([['MEM', { offensiveRating: 113, defensiveRating, pace: 100, wins: 1, losses: 1 }]]), league: league.league };
      const features = buildFeatures({ player: anUpcomingPlayer(), cache: undefined, playerGames: groupPlayerGames(past), seasonYear: 2025, league: form, teams: [] });
      return predictionSystems[0]!.predict({ player: anUpcomingPlayer(), features, games: past, league: form }).points;
    };
    expect(against(119) - against(107)).toBeGreaterThan(1);
    expect(against(119) - against(107)).toBeLessThan(3);
  });
});
