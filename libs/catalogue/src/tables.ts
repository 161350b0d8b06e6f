import {
  columnsOf, DailyScorecardRow, ExpectedOutputRow, FeatureStoreRow, GameAvailabilityRow, GapRow, InjuryRow, PhaseBoundaryValidationRow, PipelineEventRow, PlayerBoxScoreRow, PlayerDailyCacheRow, PlayerGameSummaryRow,
  PlayerPointsLineRow, PredictionAccuracyRow, PredictionRow, PublicationRow, ReprocessAttemptRow, RetryQueueRow, ScheduleRow, ScraperExecutionRow, StreamingConflictRow, SystemDailyPerformanceRow,
  TeamDefenseGameSummaryRow, TeamOffenseGameSummaryRow, UpcomingPlayerGameContextRow, UpcomingTeamGameContextRow, WorkflowDecisionRow,
  type TableDefinition,
} from '@handoff/contracts';
import type { z } from 'zod';

/** Columns that say when, how and from which source a row was written, never what it means. */
const provenance: ReadonlySet<string> = new Set([
  'data_hash', 'source_file_path', 'fetched_at', 'processed_at', 'run_id', 'revision', 'is_degraded', 'predicted_at', 'planned_at', 'observed_at', 'primary_source_used',
]);

interface TableEntry {
  readonly description: string;
  readonly row: z.ZodObject;
  readonly key: readonly string[];
  readonly partition: string;
  readonly cluster?: readonly string[];
  readonly partitionFilterRequired?: boolean;
  readonly retentionDays?: number;
}

const entries = {
  'nba_raw.nbac_schedule': {
    description: 'Every game on every date on which it was planned.',
    row: ScheduleRow, key: ['game_date', 'game_id'], partition: 'game_date', cluster: ['home_team_tricode', 'away_team_tricode'], partitionFilterRequired: true,
  },
  'nba_raw.bdl_player_boxscores': {
    description: 'Player box scores as balldontlie reports them.',
    row: PlayerBoxScoreRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup', 'team_abbr'], partitionFilterRequired: true,
  },
  'nba_raw.nbac_player_boxscores': {
    description: 'Player box scores as the league reports them: the alternative to balldontlie.',
    row: PlayerBoxScoreRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup', 'team_abbr'], partitionFilterRequired: true,
  },
  'nba_raw.espn_boxscores': {
    description: 'Box scores from ESPN: used where the other sources lack a game.',
    row: PlayerBoxScoreRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup', 'team_abbr'], partitionFilterRequired: true,
  },
  'nba_raw.odds_api_player_points_props': {
    description: 'Points lines of sportsbooks, by snapshot.',
    row: PlayerPointsLineRow, key: ['game_date', 'source_event_id', 'bookmaker', 'player_lookup', 'line_key', 'snapshot_at'], partition: 'game_date', cluster: ['player_lookup', 'bookmaker'], partitionFilterRequired: true,
  },
  'nba_raw.prizepicks_player_points_lines': {
    description: 'Points lines of PrizePicks, by snapshot: shown, never counted in win rates.',
    row: PlayerPointsLineRow, key: ['game_date', 'source_event_id', 'bookmaker', 'player_lookup', 'line_key', 'snapshot_at'], partition: 'game_date', cluster: ['player_lookup', 'bookmaker'], partitionFilterRequired: true,
  },
  'nba_raw.bdl_injuries': {
    description: 'Injury status by report date.',
    row: InjuryRow, key: ['report_date', 'player_lookup'], partition: 'report_date', cluster: ['player_lookup'], partitionFilterRequired: true,
  },
  'nba_analytics.player_game_summary': {
    description: 'One row per player and final game.',
    row: PlayerGameSummaryRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup', 'team_abbr'], partitionFilterRequired: true,
  },
  'nba_analytics.team_offense_game_summary': {
    description: 'What a team scored in one final game.',
    row: TeamOffenseGameSummaryRow, key: ['game_date', 'nba_game_id', 'team_abbr'], partition: 'game_date', cluster: ['team_abbr'], partitionFilterRequired: true,
  },
  'nba_analytics.team_defense_game_summary': {
    description: 'What a team allowed in one final game.',
    row: TeamDefenseGameSummaryRow, key: ['game_date', 'nba_game_id', 'defending_team_abbr'], partition: 'game_date', cluster: ['defending_team_abbr'], partitionFilterRequired: true,
  },
  'nba_analytics.upcoming_team_game_context': {
    description: 'One row per team of each game that is still to be played.',
    row: UpcomingTeamGameContextRow, key: ['game_date', 'nba_game_id', 'team_abbr'], partition: 'game_date', cluster: ['team_abbr'], partitionFilterRequired: true,
  },
  'nba_analytics.upcoming_player_game_context': {
    description: 'One row per player expected in a game that is still to be played.',
    row: UpcomingPlayerGameContextRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup'], partitionFilterRequired: true,
  },
  'nba_precompute.player_daily_cache': {
    description: 'Rolling windows of a player as of the morning of a slate.',
    row: PlayerDailyCacheRow, key: ['cache_date', 'player_lookup'], partition: 'cache_date', cluster: ['player_lookup'], partitionFilterRequired: true,
  },
  'nba_predictions.ml_feature_store_v2': {
    description: 'The feature vector of a player in an upcoming game.',
    row: FeatureStoreRow, key: ['game_date', 'nba_game_id', 'player_lookup'], partition: 'game_date', cluster: ['player_lookup'], partitionFilterRequired: true,
  },
  'nba_predictions.player_prop_predictions': {
    description: 'Predicted points, one row per date, game, player, system and line.',
    row: PredictionRow, key: ['game_date', 'nba_game_id', 'player_lookup', 'system_id', 'line_key'], partition: 'game_date', cluster: ['system_id', 'player_lookup'], partitionFilterRequired: true,
  },
  'nba_predictions.prediction_accuracy': {
    description: 'Graded predictions.',
    row: PredictionAccuracyRow, key: ['game_date', 'nba_game_id', 'player_lookup', 'system_id', 'line_key'], partition: 'game_date', cluster: ['system_id', 'player_lookup'], partitionFilterRequired: true,
  },
  'nba_predictions.system_daily_performance': {
    description: 'How each system did on one slate.',
    row: SystemDailyPerformanceRow, key: ['game_date', 'system_id'], partition: 'game_date', cluster: ['system_id'], partitionFilterRequired: true,
  },
  'nba_orchestration.workflow_decisions': {
    description: 'What the controller decided, hour by hour.',
    row: WorkflowDecisionRow, key: ['decision_id'], partition: 'decision_time', cluster: ['workflow_name', 'action', 'alert_level'], retentionDays: 90,
  },
  'nba_orchestration.scraper_execution_log': {
    description: 'One row per scraper run.',
    row: ScraperExecutionRow, key: ['execution_id'], partition: 'triggered_at', cluster: ['scraper_name', 'workflow', 'status', 'source'], retentionDays: 90,
  },
  'nba_orchestration.pipeline_event_log': {
    description: 'What every function, phase run and processor did: append only, deduplicated by the views on it.',
    row: PipelineEventRow, key: ['event_id'], partition: 'occurred_at', cluster: ['event_type', 'game_date', 'status'], retentionDays: 90,
  },
  'nba_orchestration.failed_processor_queue_log': {
    description: 'Every change of the retry queue: append only, shown by the view failed_processor_queue.',
    row: RetryQueueRow, key: ['event_id'], partition: 'updated_at', cluster: ['id', 'status'], retentionDays: 365,
  },
  'nba_orchestration.reprocess_attempt_log': {
    description: 'Attempts to process entities whose data is too incomplete: append only, deduplicated by the view on it.',
    row: ReprocessAttemptRow, key: ['event_id'], partition: 'analysis_date', cluster: ['processor_name', 'entity_id', 'analysis_date'], retentionDays: 365,
  },
  'nba_orchestration.gap_log': {
    description: 'Every change of a gap: append only, shown by the view gaps.',
    row: GapRow, key: ['event_id'], partition: 'updated_at', cluster: ['gap_id', 'status'], retentionDays: 365,
  },
  'nba_orchestration.streaming_conflict_events': {
    description: 'Every change of a streaming conflict: append only, shown by the view streaming_conflict_log.',
    row: StreamingConflictRow, key: ['event_id'], partition: 'updated_at', cluster: ['conflict_id', 'processor_name'], retentionDays: 365,
  },
  'nba_orchestration.game_availability_log': {
    description: 'Whether a source had a game when it was asked, one row for each game and attempt: append only, shown by scraper_data_arrival and bdl_game_scrape_attempts.',
    row: GameAvailabilityRow, key: ['event_id'], partition: 'attempted_at', cluster: ['scraper_name', 'game_date', 'was_available'], retentionDays: 90,
  },
  'nba_orchestration.expected_outputs': {
    description: 'The ledger: what should exist, by when, and what was seen.',
    row: ExpectedOutputRow, key: ['game_date', 'output', 'scope', 'flow'], partition: 'game_date', cluster: ['output', 'state'],
  },
  'nba_orchestration.daily_scorecard': {
    description: 'How one date went: what came through at each boundary, quality, predictions, grades, and a score.',
    row: DailyScorecardRow, key: ['game_date'], partition: 'game_date', cluster: ['status'],
  },
  'nba_orchestration.phase_boundary_validations': {
    description: 'What the daily reconciliation found at each boundary of a date.',
    row: PhaseBoundaryValidationRow, key: ['game_date', 'boundary'], partition: 'game_date', cluster: ['boundary', 'severity'],
  },
  'nba_orchestration.publications': {
    description: 'One row per published file.',
    row: PublicationRow, key: ['game_date', 'export_name', 'object_path'], partition: 'game_date', cluster: ['export_name'], retentionDays: 365,
  },
} as const satisfies Record<string, TableEntry>;

/** `dataset.table` of every warehouse table of the product. */
export type TableName = keyof typeof entries;

function definitionOf([name, entry]: readonly [string, TableEntry]): TableDefinition {
  const columns = columnsOf(entry.row);
  return {
    name,
    description: entry.description,
    row: entry.row,
    columns,
    key: entry.key,
    business: columns.map((column) => column.name).filter((column) => !provenance.has(column)),
    partition: entry.partition,
    cluster: entry.cluster ?? [],
    partitionFilterRequired: entry.partitionFilterRequired ?? false,
    ...(entry.retentionDays === undefined ? {} : { retentionDays: entry.retentionDays }),
  };
}

/** Every warehouse table of the product. */
export const tables: readonly TableDefinition[] = Object.entries(entries).map(definitionOf);

const byName = new Map(tables.map((definition) => [definition.name, definition]));

/** @throws RangeError for a name that is not in the catalogue. */
export function tableNamed(name: string): TableDefinition {
  const definition = byName.get(name);
  if (definition === undefined) throw new RangeError(`no table ${name} in the catalogue`);
  return definition;
}

export const hasColumn = ({ columns }: TableDefinition, column: string): boolean => columns.some(({ name }) => name === column);

/** The column with the official id of the game that a row is about; of the schedule the id is the game's own. Undefined where rows are about none. */
export const gameColumnOf = (table: TableDefinition): 'nba_game_id' | 'game_id' | undefined => (['nba_game_id', 'game_id'] as const).find((name) => hasColumn(table, name));
