import { outputNamed, tableNamed, type OutputName } from '@handoff/catalogue';
import { hashRow, hashRows, roundTo, type Completion, type EpochMs, type GameDate, type OfficialGameId, type PhaseRun, type Row, type TableDefinition } from '@handoff/contracts';
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
  /** How many rows the inputs ask for, by game; absent where that is not known. */
  readonly asked?: ReadonlyMap<string, number>;
}

export interface WriteRequest {
  readonly outputRows: OutputRows;
  readonly runs: readonly PhaseRun[];
  readonly now: EpochMs;
}

/**
 * Writes an output, by one MERGE for each revision of the runs, and tells what it now holds: a completion per game, or
 * per slate. A game without rows is complete with none where the flow says so by naming it in its run. What a later
 * revision has written is left alone and completes nothing: a worker that was given up for lost takes nothing back.
 */
export async function writeOutput(warehouse: Warehouse, { outputRows, runs, now }: WriteRequest): Promise<readonly Completion[]> {
  const table = tableNamed(outputRows.output);
  const rows = outputRows.rows.map((row) => withProvenance(row, table, runs, now));
  const completions: Completion[] = [];
  for (const revision of new Set(runs.map((run) => run.revision))) {
    const own = runs.filter((run) => run.revision === revision);
    completions.push(...(await writeRevision(warehouse, { table, outputRows, runs: own, rows: rows.filter((row) => row.revision === revision), revision })));
  }
  return completions;
}

interface RevisionWrite {
  readonly table: TableDefinition;
  readonly outputRows: OutputRows;
  readonly runs: readonly PhaseRun[];
  readonly rows: readonly ProvenRow[];
  readonly revision: number;
}

async function writeRevision(warehouse: Warehouse, { table, outputRows, runs, rows, revision }: RevisionWrite): Promise<readonly Completion[]> {
  const isPerGame = table.columns.some(({ name }) => name === 'nba_game_id');
  const unit = isPerGame ? { unit: 'nba_game_id' } : {};
  const bound = isPerGame ? { column: 'nba_game_id', values: [...new Set(runs.flatMap((run) => run.games))] } : {};
  const replaceScope = { partitions: runs.map((run) => run.gameDate), ...bound };
  const { superseded = [] } = await warehouse.merge({ table: table.name, rows, ...(outputRows.replaces ? { replaceScope } : {}), order: { column: 'revision', value: revision, ...unit } });
  if (runs.some((run) => run.upgrades)) await clearLabel(warehouse, table, runs);
  const isStanding = ({ gameDate, scope }: Completion): boolean => !superseded.some(({ partition, unit: game }) => partition === gameDate && (game === undefined || game === scope));
  return runs.flatMap((run) => completionsOf(run, table, { rows: rows.filter((row) => row[table.partition] === run.gameDate), asked: outputRows.asked })).filter(isStanding);
}

/** What was missing has come: the rows that went ahead without it are as good as the rest now, and are not made again. */
async function clearLabel(warehouse: Warehouse, table: TableDefinition, runs: readonly PhaseRun[]): Promise<void> {
  const text = `UPDATE \`${table.name}\` SET is_degraded = FALSE WHERE ${table.partition} IN UNNEST(@dates) AND is_degraded`;
  await warehouse.execute({ name: `phase-outputs/clear-label ${table.name}`, text }, { dates: { type: 'ARRAY<DATE>', value: runs.filter((run) => run.upgrades).map((run) => run.gameDate) } });
}

type ProvenRow = Row & { readonly data_hash: string; readonly revision: number };

function withProvenance(row: Row, table: TableDefinition, runs: readonly PhaseRun[], now: EpochMs): ProvenRow {
  const run = runs.find(({ gameDate }) => gameDate === row[table.partition]);
  if (run === undefined) throw new RangeError(`a row of ${table.name} for ${String(row[table.partition])} is in none of the runs`);
  return { ...row, data_hash: hashRow(row, table.business), run_id: run.releaseId, revision: run.revision, is_degraded: run.isDegraded, processed_at: now };
}

interface Made {
  readonly rows: readonly ProvenRow[];
  readonly asked: ReadonlyMap<string, number> | undefined;
}

function completionsOf(run: PhaseRun, table: TableDefinition, { rows, asked }: Made): Completion[] {
  const output = outputNamed(table.name);
  const complete = (scope: OfficialGameId | 'slate', of: readonly ProvenRow[]): Completion => {
    const quality = output?.qualityColumn === undefined ? undefined : meanOf(of, output.qualityColumn);
    const expectedRowCount = asked?.get(scope);
    return {
      gameDate: run.gameDate satisfies GameDate, output: table.name, scope, contentHash: hashRows(of), rowCount: of.length,
      ...(expectedRowCount === undefined ? {} : { expectedRowCount }), ...(quality === undefined ? {} : { quality }),
    };
  };
  if (output?.scope === 'slate') return [complete('slate', rows)];
  return run.games.map((game) => complete(game, rows.filter((row) => row['nba_game_id'] === game)));
}

function meanOf(rows: readonly Row[], column: string): number | undefined {
  return rows.length === 0 ? undefined : roundTo(rows.reduce((sum, row) => sum + Number(row[column]), 0) / rows.length, 2);
}
