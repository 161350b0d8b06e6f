import { describeUpcomingTeams, daysBefore } from '@handoff/analytics';
import { aSummary, anUpcomingPlayer } from '@handoff/testing';
import { gameDate } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { buildDailyCache } from './daily-cache.ts';
import { featureDefinitions } from './feature-definitions.ts';
import { buildFeatures, knownFeature, type FeatureInput } from './features.ts';
import { groupPlayerGames } from './player-history.ts';
import { dataSourceOf, judgeQuality, qualityScore, qualityTier, type FeatureOrigin } from './quality.ts';

const date = '2026-01-15';
const history = Array.from({ length: 12 }, (_, index) => aSummary({ game_date: daysBefore(date, 2 * (index + 1)), nba_game_id: `00225001${String(index).padStart(2, '0')}`, points: 30 - index, opponent_team_abbr: index === 3 ? 'MEM' : 'BOS' }));
const playerGames = groupPlayerGames(history);
const team = { offensiveRating: 115, defensiveRating: 110, pace: 103, wins: 20, losses: 10 };
const league = { teams: new Map([['ORL', team], ['MEM', { ...team, defensiveRating: 116.25, pace: 101 }]]), league: { offensiveRating: 113, defensiveRating: 113, pace: 100 } };
const context = (abbr: string, daysRest: number | null, record: [number, number]) => ({
  ...describeUpcomingTeams({ gameDate: gameDate(date), games: [], history: [], summaries: [], now: anUpcomingPlayer().tip_at })[0]!,
  nba_game_id: '0022500578', team_abbr: abbr, days_rest: daysRest, season_wins: record[0], season_losses: record[1],
});
const withLine = anUpcomingPlayer({ has_prop_line: true, line_source: 'ACTUAL_PROP', line_source_api: 'ODDS_API', sportsbook: 'draftkings', current_points_line: 20, opening_points_line: 21.5 });
const cacheOf = (player = withLine) => buildDailyCache({ players: [player], playerGames, seasonYear: 2025, finalGames: [], summarisedGames: new Set() })[0];
const build = (over: Partial<FeatureInput> = {}) =>
  buildFeatures({ player: withLine, cache: cacheOf(), playerGames, seasonYear: 2025, league, teams: [context('ORL', 2, [20, 10]), context('MEM', 1, [9, 9])], ...over });

it('has the 33 names of version 2 in the order of the stored vector', () => {
  expect(featureDefinitions.map(({ name }) => name)).toEqual([
    'points_avg_last_5', 'points_avg_last_10', 'points_avg_season', 'points_std_last_10', 'games_in_last_7_days', 'fatigue_score', 'shot_zone_mismatch_score', 'pace_score',
    'usage_spike_score', 'rest_advantage', 'injury_risk', 'recent_trend', 'minutes_change', 'opponent_def_rating', 'opponent_pace', 'home_away', 'back_to_back', 'playoff_game',
    'pct_paint', 'pct_mid_range', 'pct_three', 'pct_free_throw', 'team_pace', 'team_off_rating', 'team_win_pct', 'vegas_points_line', 'vegas_opening_line', 'vegas_line_move',
    'has_vegas_line', 'avg_points_vs_opponent', 'games_vs_opponent', 'minutes_avg_last_10', 'ppm_avg_last_10',
  ]);
});

it.each([
  ['points_avg_last_5', 28], ['points_avg_season', 24.5], ['games_in_last_7_days', 3], ['pace_score', 2], ['rest_advantage', 1], ['recent_trend', 3.5], ['minutes_change', 0],
  ['opponent_def_rating', 116.25], ['opponent_pace', 101], ['home_away', 1], ['back_to_back', 0], ['playoff_game', 0], ['team_pace', 103], ['team_off_rating', 115], ['team_win_pct', 0.6667],
  ['vegas_points_line', 20], ['vegas_opening_line', 21.5], ['vegas_line_move', -1.5], ['has_vegas_line', 1], ['avg_points_vs_opponent', 27], ['games_vs_opponent', 1], ['minutes_avg_last_10', 30],
] as const)('computes %s: %d', (name, value) => {
  expect(knownFeature(build(), name)).toBe(value);
});

it('marks a playoff game by the league\'s game id', () => {
  const player = { ...withLine, nba_game_id: '0042500101' };
  expect(knownFeature(build({ player, cache: cacheOf(player) }), 'playoff_game')).toBe(1);
});

describe('what is not there', () => {
  it('is a default with its constant, named and counted: 8 features that nobody computes yet', () => {
    const row = build();
    expect(row.default_feature_names).toEqual(['fatigue_score', 'shot_zone_mismatch_score', 'usage_spike_score', 'injury_risk', 'pct_paint', 'pct_mid_range', 'pct_three', 'pct_free_throw']);
    expect(row).toMatchObject({ default_feature_count: 8, feature_count: 33, feature_quality_score: 85.45, quality_tier: 'medium', data_source: 'mixed', is_production_ready: true });
    expect(row.features[5]).toBe(50);
    expect(knownFeature(row, 'fatigue_score')).toBeNull();
  });

  it('without a line are the three line features, while has_vegas_line is known to be 0', () => {
    const player = anUpcomingPlayer();
    const row = build({ player, cache: cacheOf(player) });
    expect(row.default_feature_names.filter((name) => name.startsWith('vegas'))).toEqual(['vegas_points_line', 'vegas_opening_line', 'vegas_line_move']);
    expect(knownFeature(row, 'has_vegas_line')).toBe(0);
    expect(row.feature_quality_score).toBe(80);
  });

  it('is the cache: windows come from the games again, as a phase 3 fallback that is not production ready', () => {
    const row = build({ cache: undefined });
    expect(row.features).toEqual(build().features);
    expect(row.feature_origins.filter((origin) => origin === 'phase3')).toHaveLength(7);
    expect(row).toMatchObject({ feature_quality_score: 82.7, is_production_ready: false });
  });

  it('is nearly everything for a player in his first game when no team has played', () => {
    const empty = { teams: new Map(), league: league.league };
    const row = build({ player: anUpcomingPlayer({ days_rest: null }), cache: undefined, playerGames: new Map(), league: empty, teams: [] });
    expect(row.default_feature_count).toBe(27);
    expect(row).toMatchObject({ feature_quality_score: 50.52, quality_tier: 'low' });
  });
});

it('refuses a cache row of another day', () => {
  expect(() => build({ cache: { ...cacheOf()!, cache_date: '2026-01-14' } })).toThrow('daily cache of paolobanchero on 2026-01-14 given for paolobanchero on 2026-01-15');
});

const origins = (counts: Partial<Record<FeatureOrigin, number>>) => Object.entries(counts).flatMap(([origin, count]) => Array.from({ length: count }, () => origin as FeatureOrigin));

it.each([
  [{ phase4: 33 }, 100, 'high', 'phase4'],
  [{ phase4: 30, default: 3 }, 94.55, 'medium', 'phase4'],
  [{ phase4: 29, default: 4 }, 92.73, 'medium', 'phase4_partial'],
  [{ phase4: 16, calculated: 17 }, 100, 'high', 'mixed'],
  [{ phase3: 20, calculated: 13 }, 92.12, 'medium', 'phase3'],
  [{ calculated: 16, default: 17 }, 69.09, 'low', 'mixed'],
] as const)('scores %j as %d: %s, %s', (counts, score, tier, source) => {
  expect([qualityScore(origins(counts)), qualityTier(score), dataSourceOf(origins(counts))]).toEqual([score, tier, source]);
});

it.each([[100, 'normal'], [70, 'normal'], [69.99, 'low-confidence'], [50, 'low-confidence'], [49.99, 'skip']] as const)('a quality of %d is %s', (score, verdict) => {
  expect(judgeQuality(score)).toBe(verdict);
});
