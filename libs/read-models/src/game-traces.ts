import { outputs, type Output } from '@handoff/catalogue';
import type { EpochMs, GameDate, GapRow, OfficialGameId } from '@handoff/contracts';
import type { Statement, Warehouse } from '@handoff/ports';
import { countedOutput } from './counted-output.ts';
import arrivalsOfGame from './arrivals-of-game.sql';
import gapsOfDates from './gaps-of-dates.sql';
import ledgerOfGame from './ledger-of-game.sql';
import schedulesOfGame from './schedules-of-game.sql';

/** What an output holds of one game on one date. */
export interface TracedOutput extends Record<string, unknown> {
  readonly output: string;
  readonly game_date: string;
  readonly row_count: number;
  readonly degraded_count: number;
  /** Predictions that were taken back. */
  readonly invalidated_count: number;
  /** null for raw tables, which have none. */
  readonly revision: number | null;
  readonly first_at: EpochMs;
  readonly last_at: EpochMs;
}

/** A look of a source, and whether it had the game. */
export interface TracedArrival extends Record<string, unknown> {
  readonly attempt_timestamp: EpochMs;
  readonly scraper_name: string;
  readonly workflow: string;
  readonly attempt_number: number;
  readonly was_available: boolean;
  readonly record_count: number;
  readonly data_status: string;
}

/** How the ledger sees an output of the game. */
export interface TracedExpectation extends Record<string, unknown> {
  readonly game_date: string;
  readonly output: string;
  readonly flow: string;
  readonly state: string;
  readonly reason: string;
  /** The output with which it began that this one is not there. */
  readonly cause: string | null;
  readonly expected_by: EpochMs;
}

/** A change of a gap of a date on which the game was planned. */
export type GapChange = Pick<GapRow, 'gap_id' | 'version' | 'game_date' | 'output' | 'flow' | 'status' | 'missing' | 'attempts' | 'last_attempt' | 'opened_at' | 'ended_at' | 'resolution' | 'updated_at'>;

export interface GameTrace {
  readonly outputs: readonly TracedOutput[];
  readonly arrivals: readonly TracedArrival[];
  readonly expectations: readonly TracedExpectation[];
  /** Of each gap in order. */
  readonly gapChanges: readonly GapChange[];
}

/** Reads what the tables, the ledger, the gap log and the availability log hold of one game on the dates on which it was planned. A failed query throws. */
export async function loadGameTrace(warehouse: Warehouse, game: OfficialGameId, dates: readonly GameDate[]): Promise<GameTrace> {
  const parameters = { game: { type: 'STRING', value: game }, dates: { type: 'ARRAY<DATE>', value: dates } } as const;
  return {
    outputs: await warehouse.query<TracedOutput>(tracedStatement(), parameters),
    arrivals: await warehouse.query<TracedArrival>({ name: 'read-models/arrivals-of-game', text: arrivalsOfGame }, parameters),
    expectations: await warehouse.query<TracedExpectation>({ name: 'read-models/ledger-of-game', text: ledgerOfGame }, parameters),
    gapChanges: await warehouse.query<GapChange>({ name: 'read-models/gaps-of-dates', text: gapsOfDates }, { dates: parameters.dates }),
  };
}

/** A row of the schedule, as far as a game is identified by it. */
export interface PlannedGame extends Record<string, unknown> {
  readonly game_date: string;
  readonly game_id: string;
  readonly tip_at: EpochMs;
  readonly home_team_tricode: string;
  readonly away_team_tricode: string;
}

/** Every date on which the games of a range of dates, or the one that is named, were planned. */
export const loadPlannedGames = (warehouse: Warehouse, { game, from, until }: { readonly game: OfficialGameId | null; readonly from: GameDate; readonly until: GameDate }): Promise<readonly PlannedGame[]> =>
  warehouse.query<PlannedGame>({ name: 'read-models/schedules-of-game', text: schedulesOfGame }, { game: { type: 'STRING', value: game }, from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } });

/** Counts the rows of one game in every output that is made per game. Derived from the catalogue, as `observedStatement` is. */
export function tracedStatement(): Statement {
  const traced = outputs.filter(({ name, scope }) => scope === 'game' && !name.startsWith('exports/'));
  return { name: 'read-models/traced-outputs', text: traced.map(selectOf).join('\nUNION ALL\n') };
}

function selectOf(output: Output): string {
  const { name, date, game, from, countIf, column } = countedOutput(output);
  const [revision, invalidation] = [column('revision'), column('invalidation_reason')];
  return [
    `SELECT '${name}' AS output, ${date} AS game_date, COUNT(*) AS row_count, ${countIf('is_degraded')} AS degraded_count, ${invalidation === undefined ? '0' : `COUNTIF(${invalidation} IS NOT NULL)`} AS invalidated_count,`,
    `  ${revision === undefined ? 'CAST(NULL AS INT64)' : `MAX(${revision})`} AS revision, MIN(counted.processed_at) AS first_at, MAX(counted.processed_at) AS last_at`,
    from,
    `WHERE ${date} IN UNNEST(@dates) AND ${game} = @game`,
    `GROUP BY ${date}`,
  ].join('\n');
}
