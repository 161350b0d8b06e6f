import { z } from 'zod';
import { date, flag, instant, integer, real, text } from '../table.ts';
import { rawProvenance } from './provenance.ts';
import { countedStats } from './stat-line.ts';

/**
 * nba_raw.nbac_schedule: one row per game and date on which it was ever planned. A moved game has
 * a row on both dates; the old one carries `is_postponed`.
 */
export const ScheduleRow = z.object({
  game_date: date(),
  game_id: text(),
  game_code: text(),
  season_year: integer(),
  /** Tip-off, as planned or as it was. */
  tip_at: instant(),
  /** 1 scheduled, 2 in progress, 3 final; a postponed game is seen as 3 with null scores. */
  game_status: integer(),
  game_status_text: text(),
  home_team_tricode: text(),
  away_team_tricode: text(),
  home_team_score: integer().nullable(),
  away_team_score: integer().nullable(),
  is_postponed: flag(),
  is_neutral_site: flag(),
  ...rawProvenance,
});
export type ScheduleRow = z.infer<typeof ScheduleRow>;

/**
 * One player's line in one played game; the same shape for every box-score source.
 * nba_raw.bdl_player_boxscores and nba_raw.nbac_player_boxscores.
 */
export const PlayerBoxScoreRow = z.object({
  game_date: date(),
  /** The date id, `20260115_MEM_ORL`. */
  game_id: text(),
  nba_game_id: text(),
  season_year: integer(),
  home_team_abbr: text(),
  away_team_abbr: text(),
  home_team_score: integer().nullable(),
  away_team_score: integer().nullable(),
  team_abbr: text(),
  player_lookup: text(),
  player_full_name: text(),
  /** The source's own player id, as text. */
  source_player_id: text(),
  /** Minutes on court; 0 for a player who is listed and did not play. */
  minutes: real(),
  ...countedStats,
  field_goals_made: integer(),
  field_goals_attempted: integer(),
  three_pointers_made: integer(),
  three_pointers_attempted: integer(),
  free_throws_made: integer(),
  free_throws_attempted: integer(),
  plus_minus: integer().nullable(),
  ...rawProvenance,
});
export type PlayerBoxScoreRow = z.infer<typeof PlayerBoxScoreRow>;

/**
 * One offered points line of one player at one moment; the same shape for every line source.
 * nba_raw.odds_api_player_points_props and nba_raw.prizepicks_player_points_lines.
 */
export const PlayerPointsLineRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  source_event_id: text(),
  bookmaker: text(),
  player_lookup: text(),
  player_name: text(),
  /** Tenths of a point as text: 20.5 is `205`. Part of the key, since some books offer several lines. */
  line_key: text(),
  points_line: real(),
  over_price_american: integer().nullable(),
  under_price_american: integer().nullable(),
  /** When the source offered the line. */
  snapshot_at: instant(),
  /** Whole minutes from the snapshot to the tip-off that was known then; negative after it. */
  minutes_before_tipoff: integer(),
  /** False when the snapshot is not before tip-off: shown, counted, never used. */
  is_usable: flag(),
  ...rawProvenance,
});
export type PlayerPointsLineRow = z.infer<typeof PlayerPointsLineRow>;

/** nba_raw.bdl_injuries: one row per report date and player, as last reported that day. */
export const InjuryRow = z.object({
  report_date: date(),
  player_lookup: text(),
  player_full_name: text(),
  /** OUT, DOUBTFUL, QUESTIONABLE, PROBABLE or DAY_TO_DAY. */
  injury_status: text(),
  description: text(),
  ...rawProvenance,
});
export type InjuryRow = z.infer<typeof InjuryRow>;
