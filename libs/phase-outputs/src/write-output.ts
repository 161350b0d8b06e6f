import { hasColumn, outputNamed, tableNamed, type OutputName } from '@handoff/catalogue';
import { hashRow, hashRows, roundTo, type Completion, type EpochMs, type GameDate, type OfficialGameId, type PhaseRun, type Row, type TableDefinition } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { settleLabels, withoutUpgradedLabel } from './degraded-label.ts';

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

/** What an output is written to: its table, and the notes on which of its dates were upgraded. */
type Written = Pick<Ports, 'warehouse' | 'state'>;

/**
 * Writes an output, by one MERGE for each revision of the runs, and tells what it now holds: a completion per game, or
 * per slate. A game without rows is complete with none where the flow says so by naming it in its run. What a later
 * revision has written is left alone and completes nothing, and a label that a later revision took off stays off: a
 * worker that was given up for lost takes nothing back.
 */
export async function writeOutput(ports: Written, { outputRows, runs: asked, now }: WriteRequest): Promise<readonly Completion[]> {
  const table = tableNamed(outputRows.output);
  const runs = await withoutUpgradedLabel(ports.state, table, asked);
  const rows = outputRows.rows.map((row) => withProvenance(row, table, runs, now));
  const completions: Completion[] = [];
  for (const revision of new Set(runs.map((run) => run.revision))) {
    const own = runs.filter((run) => run.revision === revision);
    completions.push(...(await writeRevision(ports, { table, outputRows, runs: own, rows: rows.filter((row) => row.revision === revision), revision })));
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

async function writeRevision(ports: Written, { table, outputRows, runs, rows, revision }: RevisionWrite): Promise<readonly Completion[]> {
  const isPerGame = hasColumn(table, 'nba_game_id');
  const unit = isPerGame ? { unit: 'nba_game_id' } : {};
  const bound = isPerGame ? { column: 'nba_game_id', values: [...new Set(runs.flatMap((run) => run.games))] } : {};
  const replaceScope = { partitions: runs.map((run) => run.gameDate), ...bound };
  const { superseded = [] } = await ports.warehouse.merge({ table: table.name, rows, ...(outputRows.replaces ? { replaceScope } : {}), order: { column: 'revision', value: revision, ...unit } });
  await settleLabels(ports, table, runs);
  const isStanding = ({ gameDate, scope }: Completion): boolean => !superseded.some(({ partition, unit: game }) => partition === gameDate && (game === undefined || game === scope));
  return runs.flatMap((run) => completionsOf(run, table, { rows: rows.filter((row) => row[table.partition] === run.gameDate), asked: outputRows.asked })).filter(isStanding);
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
