import { z } from 'zod';
import { date, flag, instant, integer, real, text } from '../table.ts';
import { derivedProvenance } from './provenance.ts';
import { countedStats, shotCounts } from './stat-line.ts';

/** nba_analytics.player_game_summary: one row per player and final game. Rates have 4 decimals. */
export const PlayerGameSummaryRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  season_year: integer(),
  player_lookup: text(),
  player_full_name: text(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  is_home: flag(),
  win_flag: flag(),
  minutes_played: real(),
  ...countedStats,
  ...shotCounts,
  plus_minus: integer().nullable(),
  /** Share of team possessions used while on court, 0 to 1; null without minutes. */
  usage_rate: real().nullable(),
  /** True shooting, 0 to about 1.5; null without attempts. */
  ts_pct: real().nullable(),
  /** Effective field goal share; null without attempts. */
  efg_pct: real().nullable(),
  /** The raw output that the row was read from. */
  primary_source_used: text(),
  ...derivedProvenance,
});
export type PlayerGameSummaryRow = z.infer<typeof PlayerGameSummaryRow>;

/** nba_analytics.team_offense_game_summary: one row per team and final game. */
export const TeamOffenseGameSummaryRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  season_year: integer(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  home_game: flag(),
  win_flag: flag(),
  points_scored: integer(),
  margin_of_victory: integer(),
  ...shotCounts,
  rebounds: integer(),
  offensive_rebounds: integer(),
  assists: integer(),
  turnovers: integer(),
  personal_fouls: integer(),
  /** Estimated possessions (field goals + 0.44 free throws - offensive rebounds + turnovers), 1 decimal. */
  possessions: real(),
  /** Points per 100 possessions, 2 decimals. */
  offensive_rating: real().nullable(),
  /** Possessions of both teams per 48 minutes, averaged, 2 decimals. */
  pace: real().nullable(),
  players_used: integer(),
  ...derivedProvenance,
});
export type TeamOffenseGameSummaryRow = z.infer<typeof TeamOffenseGameSummaryRow>;

/** nba_analytics.team_defense_game_summary: what a team allowed in one final game. */
export const TeamDefenseGameSummaryRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  season_year: integer(),
  defending_team_abbr: text(),
  opponent_team_abbr: text(),
  home_game: flag(),
  points_allowed: integer(),
  opp_fg_makes: integer(),
  opp_fg_attempts: integer(),
  opp_three_pt_makes: integer(),
  opp_three_pt_attempts: integer(),
  opp_ft_attempts: integer(),
  opp_rebounds: integer(),
  opp_assists: integer(),
  turnovers_forced: integer(),
  /** Points allowed per 100 possessions of the opponent, 2 decimals. */
  defensive_rating: real().nullable(),
  ...derivedProvenance,
});
export type TeamDefenseGameSummaryRow = z.infer<typeof TeamDefenseGameSummaryRow>;

/** nba_analytics.upcoming_team_game_context: one row per team of each game that is still to be played. */
export const UpcomingTeamGameContextRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  is_home: flag(),
  tip_at: instant(),
  /** Whole days since the team's last game; null in its first game of the season. */
  days_rest: integer().nullable(),
  is_back_to_back: flag(),
  games_in_last_7_days: integer(),
  games_in_last_14_days: integer(),
  season_wins: integer(),
  season_losses: integer(),
  /** Games with a team summary per final game of the team this season, 0 to 100, 1 decimal. */
  completeness_pct: real(),
  ...derivedProvenance,
});
export type UpcomingTeamGameContextRow = z.infer<typeof UpcomingTeamGameContextRow>;

/**
 * nba_analytics.upcoming_player_game_context: one row per player who is expected in a game that is
 * still to be played: he has a box score in his team's last 10 games and is not ruled out.
 */
export const UpcomingPlayerGameContextRow = z.object({
  game_date: date(),
  game_id: text(),
  nba_game_id: text(),
  player_lookup: text(),
  player_full_name: text(),
  team_abbr: text(),
  opponent_team_abbr: text(),
  is_home: flag(),
  tip_at: instant(),
  /** null in his first game of the season. */
  days_rest: integer().nullable(),
  is_back_to_back: flag(),
  games_in_last_7_days: integer(),
  games_in_last_14_days: integer(),
  /** QUESTIONABLE, DOUBTFUL, PROBABLE, DAY_TO_DAY, or null when not on a report. */
  injury_status: text().nullable(),
  /** True when, and only when, `line_source` is ACTUAL_PROP. */
  has_prop_line: flag(),
  /** ACTUAL_PROP or NO_PROP_LINE. */
  line_source: text(),
  /** ODDS_API or PRIZEPICKS; null without a line. */
  line_source_api: text().nullable(),
  sportsbook: text().nullable(),
  current_points_line: real().nullable(),
  /** The first usable line of the same source and book that day. */
  opening_points_line: real().nullable(),
  line_snapshot_at: instant().nullable(),
  ...derivedProvenance,
});
export type UpcomingPlayerGameContextRow = z.infer<typeof UpcomingPlayerGameContextRow>;
