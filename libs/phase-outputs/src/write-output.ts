import { outputNamed, tableNamed, type OutputName } from '@handoff/catalogue';
import { hashRow, hashRows, type Completion, type EpochMs, type GameDate, type OfficialGameId, type PhaseRun, type Row, type TableDefinition } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';

/** The rows of one output, made by some runs of a phase; without provenance, which is added here. */
export interface OutputRows {
  readonly output: OutputName;
  readonly rows: readonly Row[];
  /**
   * True when the rows are all there is of the runs' games, so that what they no longer have is deleted;
   * false where earlier rows stay beside them, as superseded predictions do.
   */
  readonly replaces: boolean;
}

export interface WriteRequest {
  readonly outputRows: OutputRows;
  readonly runs: readonly PhaseRun[];
  readonly now: EpochMs;
}

/**
 * Writes an output in one MERGE and tells what it now holds: a completion per game, or per slate. A game
 * without rows is complete with none where the flow says so by naming it in its run.
 */
export async function writeOutput(warehouse: Warehouse, { outputRows, runs, now }: WriteRequest): Promise<readonly Completion[]> {
  const table = tableNamed(outputRows.output);
  const rows = outputRows.rows.map((row) => withProvenance(row, table, runs, now));
  const games = [...new Set(runs.flatMap((run) => run.games))];
  const bound = table.columns.some(({ name }) => name === 'nba_game_id') ? { column: 'nba_game_id', values: games } : {};
  const replaceScope = { partitions: runs.map((run) => run.gameDate), ...bound };
  await warehouse.merge({ table: table.name, rows, ...(outputRows.replaces ? { replaceScope } : {}) });
  return runs.flatMap((run) => completionsOf(run, table, rows.filter((row) => row[table.partition] === run.gameDate)));
}

type ProvenRow = Row & { readonly data_hash: string };

function withProvenance(row: Row, table: TableDefinition, runs: readonly PhaseRun[], now: EpochMs): ProvenRow {
  const run = runs.find(({ gameDate }) => gameDate === row[table.partition]);
  if (run === undefined) throw new RangeError(`a row of ${table.name} for ${String(row[table.partition])} is in none of the runs`);
  return { ...row, data_hash: hashRow(row, table.business), run_id: run.releaseId, revision: run.revision, is_degraded: run.isDegraded, processed_at: now };
}

function completionsOf(run: PhaseRun, table: TableDefinition, rows: readonly ProvenRow[]): Completion[] {
  const complete = (scope: OfficialGameId | 'slate', of: readonly ProvenRow[]): Completion => ({
    gameDate: run.gameDate satisfies GameDate, output: table.name, scope, contentHash: hashRows(of), rowCount: of.length,
  });
  if (outputNamed(table.name)?.scope === 'slate') return [complete('slate', rows)];
  return run.games.map((game) => complete(game, rows.filter((row) => row['nba_game_id'] === game)));
}
