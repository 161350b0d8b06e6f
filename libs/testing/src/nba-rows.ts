import {
  parseInstant, type InjuryRow, type PlayerBoxScoreRow, type PlayerGameSummaryRow, type PlayerPointsLineRow, type PredictionRow, type ScheduleRow,
  type UpcomingPlayerGameContextRow, type WithoutProvenance,
} from '@handoff/contracts';

/** Builders of plausible rows: a final MEM at ORL on 2026-01-15, tipped off at 19:00Z. Specs name only what they are about. */
export const aGame = (over: Partial<WithoutProvenance<ScheduleRow>> = {}): WithoutProvenance<ScheduleRow> => ({
  game_date: '2026-01-15', game_id: '0022500578', game_code: '20260115/MEMORL', season_year: 2025, tip_at: parseInstant('2026-01-15T19:00:00Z'), game_status: 3,
  game_status_text: 'Final', home_team_tricode: 'ORL', away_team_tricode: 'MEM', home_team_score: 118, away_team_score: 111, is_postponed: false, is_neutral_site: false, ...over,
});

/** A line of an ORL player: 20 points in 30 minutes. */
export const aBoxScore = (over: Partial<WithoutProvenance<PlayerBoxScoreRow>> = {}): WithoutProvenance<PlayerBoxScoreRow> => ({
  game_date: '2026-01-15', game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', season_year: 2025, home_team_abbr: 'ORL', away_team_abbr: 'MEM', home_team_score: 118,
  away_team_score: 111, team_abbr: 'ORL', player_lookup: 'paolobanchero', player_full_name: 'Paolo Banchero', source_player_id: '1', minutes: 30, points: 20, assists: 5, rebounds: 8,
  offensive_rebounds: 2, defensive_rebounds: 6, steals: 1, blocks: 1, turnovers: 3, personal_fouls: 2, field_goals_made: 7, field_goals_attempted: 15, three_pointers_made: 2,
  three_pointers_attempted: 5, free_throws_made: 4, free_throws_attempted: 5, plus_minus: 6, ...over,
});

export const aSummary = (over: Partial<WithoutProvenance<PlayerGameSummaryRow>> = {}): WithoutProvenance<PlayerGameSummaryRow> => ({
  game_date: '2026-01-15', game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', season_year: 2025, player_lookup: 'paolobanchero', player_full_name: 'Paolo Banchero',
  team_abbr: 'ORL', opponent_team_abbr: 'MEM', is_home: true, win_flag: true, minutes_played: 30, points: 20, assists: 5, rebounds: 8, offensive_rebounds: 2, defensive_rebounds: 6,
  steals: 1, blocks: 1, turnovers: 3, personal_fouls: 2, fg_makes: 7, fg_attempts: 15, three_pt_makes: 2, three_pt_attempts: 5, ft_makes: 4, ft_attempts: 5, plus_minus: 6,
  usage_rate: 0.25, ts_pct: 0.58, efg_pct: 0.53, primary_source_used: 'box', ...over,
});

/** An even line of 20.5 at DraftKings, two hours before tip-off. */
export const aLine = (over: Partial<WithoutProvenance<PlayerPointsLineRow>> = {}): WithoutProvenance<PlayerPointsLineRow> => ({
  game_date: '2026-01-15', game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', source_event_id: 'event-1', bookmaker: 'draftkings', player_lookup: 'paolobanchero',
  player_name: 'Paolo Banchero', line_key: String(Math.round((over.points_line ?? 20.5) * 10)), points_line: 20.5, over_price_american: -110, under_price_american: -110,
  snapshot_at: parseInstant('2026-01-15T17:00:00Z'), minutes_before_tipoff: 120, is_usable: true, ...over,
});

export const anInjury = (over: Partial<WithoutProvenance<InjuryRow>> = {}): WithoutProvenance<InjuryRow> => ({
  report_date: '2026-01-15', player_lookup: 'paolobanchero', player_full_name: 'Paolo Banchero', injury_status: 'OUT', description: 'ankle', ...over,
});

/** A player before his game, without a line. */
export const anUpcomingPlayer = (over: Partial<WithoutProvenance<UpcomingPlayerGameContextRow>> = {}): WithoutProvenance<UpcomingPlayerGameContextRow> => ({
  game_date: '2026-01-15', game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', player_lookup: 'paolobanchero', player_full_name: 'Paolo Banchero', team_abbr: 'ORL',
  opponent_team_abbr: 'MEM', is_home: true, tip_at: parseInstant('2026-01-15T19:00:00Z'), days_rest: 2, is_back_to_back: false, games_in_last_7_days: 3, games_in_last_14_days: 6,
  injury_status: null, has_prop_line: false, line_source: 'NO_PROP_LINE', line_source_api: null, sportsbook: null, current_points_line: null, opening_points_line: null,
  line_snapshot_at: null, ...over,
});

/** OVER 20.5 at 22 points, by a system of no importance, an hour before tip-off. */
export const aPrediction = (over: Partial<WithoutProvenance<PredictionRow>> = {}): WithoutProvenance<PredictionRow> => ({
  game_date: '2026-01-15', game_id: '20260115_MEM_ORL', nba_game_id: '0022500578', player_lookup: 'paolobanchero', player_full_name: 'Paolo Banchero', system_id: 'system_v1',
  line_key: '205', team_abbr: 'ORL', opponent_team_abbr: 'MEM', predicted_points: 22, confidence_score: 0.55, recommendation: 'OVER', has_prop_line: true, line_source: 'ACTUAL_PROP',
  line_source_api: 'ODDS_API', sportsbook: 'draftkings', current_points_line: 20.5, line_margin: 1.5, feature_quality_score: 85, is_active: true, superseded_by: null,
  invalidation_reason: null, factors: {}, predicted_at: parseInstant('2026-01-15T18:00:00Z'), ...over,
});
