import { z } from 'zod';
import { date, flag, instant, integer, json, real, reals, text, texts } from '../table.ts';
import { derivedProvenance } from './provenance.ts';

const windowColumns = {
  /** Points per game in the window, 3 decimals; null when the window is empty. */
  points_avg_last_5: real().nullable(),
  points_avg_last_10: real().nullable(),
  points_avg_last_7_days: real().nullable(),
  points_avg_last_14_days: real().nullable(),
  points_avg_last_30_days: real().nullable(),
  points_avg_season: real().nullable(),
  points_std_last_10: real().nullable(),
  minutes_avg_last_5: real().nullable(),
  minutes_avg_last_10: real().nullable(),
  minutes_avg_season: real().nullable(),
  usage_rate_last_10: real().nullable(),
  ppm_avg_last_10: real().nullable(),
  ft_rate_last_10: real().nullable(),
  three_pt_rate_last_10: real().nullable(),
};

const completenessColumns = {
  /** Games of the window that have a summary per final game of his team in it, 0 to 100, 1 decimal. */
  l5_completeness_pct: real(),
  l10_completeness_pct: real(),
  l7d_completeness_pct: real(),
  l14d_completeness_pct: real(),
  l30d_completeness_pct: real(),
  /** True when each of the five is at least 70: reference section 8.3. */
  all_windows_complete: flag(),
};

/** nba_precompute.player_daily_cache: a player's rolling windows as of the morning of `cache_date`. */
export const PlayerDailyCacheRow = z.object({
  /** The slate that the windows are for; they hold games strictly before it. */
  cache_date: date(),
  nba_game_id: text(),
  player_lookup: text(),
  team_abbr: text(),
  games_played_season: integer(),
  games_in_last_7_days: integer(),
  games_in_last_14_days: integer(),
  last_game_date: date().nullable(),
  ...windowColumns,
  ...completenessColumns,
  ...derivedProvenance,
});
export type PlayerDailyCacheRow = z.infer<typeof PlayerDailyCacheRow>;

/** nba_predictions.ml_feature_store_v2: the feature vector of one player in one upcoming game. */
export const FeatureStoreRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  player_lookup: text(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  feature_version: text(),
  feature_count: integer(),
  feature_names: texts(),
  /** 33 values in the order of `feature_names`, 4 decimals. */
  features: reals(),
  /** phase4, calculated, phase3 or default, per feature. */
  feature_origins: texts(),
  /** Mean of the origin weights (100, 100, 87, 40), 2 decimals: reference section 8.2. */
  feature_quality_score: real(),
  /** How many of the features are defaults: a good average must not hide a hole. */
  default_feature_count: integer(),
  default_feature_names: texts(),
  /** high from 95, medium from 70, else low. */
  quality_tier: text(),
  /** phase4, phase4_partial, phase3 or mixed. */
  data_source: text(),
  is_production_ready: flag(),
  ...derivedProvenance,
});
export type FeatureStoreRow = z.infer<typeof FeatureStoreRow>;

/** nba_predictions.player_prop_predictions: one row per date, game, player, system and line. */
export const PredictionRow = z.object({
  game_date: date(),
  /** The date id. */
  game_id: text(),
  nba_game_id: text(),
  player_lookup: text(),
  player_full_name: text(),
  system_id: text(),
  /** Tenths of a point as text, or `none`. */
  line_key: text(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  /** 2 decimals. */
  predicted_points: real(),
  /** 0 to 1, 3 decimals. */
  confidence_score: real(),
  /** OVER, UNDER, PASS or NO_LINE. */
  recommendation: text(),
  has_prop_line: flag(),
  line_source: text(),
  line_source_api: text().nullable(),
  sportsbook: text().nullable(),
  current_points_line: real().nullable(),
  /** predicted_points - current_points_line, 2 decimals. */
  line_margin: real().nullable(),
  feature_quality_score: real(),
  /** One active row per date, game, player and system. */
  is_active: flag(),
  /** The line_key of the row that took its place. */
  superseded_by: text().nullable(),
  /** Why the row no longer stands: `game-postponed` or `player-ruled-out`; null while it stands. */
  invalidation_reason: text().nullable(),
  /** What the system looked at, for people. */
  factors: json(),
  /** When this row was first predicted; always before tip-off. */
  predicted_at: instant(),
  ...derivedProvenance,
});
export type PredictionRow = z.infer<typeof PredictionRow>;

/** nba_predictions.prediction_accuracy: one row per graded prediction. */
export const PredictionAccuracyRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  player_lookup: text(),
  system_id: text(),
  line_key: text(),
  team_abbr: text(),
  predicted_points: real(),
  actual_points: integer().nullable(),
  minutes_played: real().nullable(),
  /** 1 decimal. */
  absolute_error: real().nullable(),
  signed_error: real().nullable(),
  within_3_points: flag().nullable(),
  within_5_points: flag().nullable(),
  points_line: real().nullable(),
  predicted_margin: real().nullable(),
  actual_margin: real().nullable(),
  recommendation: text(),
  /** null on a push, without a line, or when nothing was recommended. */
  prediction_correct: flag().nullable(),
  /** True when the row counts in win rates: a real line from a source that is counted. */
  counts_in_win_rate: flag(),
  line_source_api: text().nullable(),
  confidence_score: real(),
  /** 1 to 10. */
  confidence_decile: integer(),
  is_voided: flag(),
  /** dnp_injury_confirmed, dnp_late_scratch or dnp_unknown. */
  void_reason: text().nullable(),
  ...derivedProvenance,
});
export type PredictionAccuracyRow = z.infer<typeof PredictionAccuracyRow>;

/** nba_predictions.system_daily_performance: one row per date and system. Rates 0 to 1, 4 decimals. */
export const SystemDailyPerformanceRow = z.object({
  game_date: date(),
  system_id: text(),
  predictions_count: integer(),
  graded_count: integer(),
  voided_count: integer(),
  recommendations_count: integer(),
  correct_count: integer(),
  incorrect_count: integer(),
  pass_count: integer(),
  win_rate: real().nullable(),
  mae: real().nullable(),
  avg_bias: real().nullable(),
  over_count: integer(),
  over_correct: integer(),
  under_count: integer(),
  under_correct: integer(),
  within_3_count: integer(),
  within_5_count: integer(),
  avg_confidence: real().nullable(),
  ...derivedProvenance,
});
export type SystemDailyPerformanceRow = z.infer<typeof SystemDailyPerformanceRow>;
