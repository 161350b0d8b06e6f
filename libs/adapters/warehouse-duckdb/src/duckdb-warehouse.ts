import type { Row, TableDefinition, ViewDefinition } from '@handoff/contracts';
import type { Clock, MergeRequest, MergeResult, Parameters, Statement, Warehouse, WarehouseCounters } from '@handoff/ports';
import { z } from 'zod';
import { Engine } from './engine.ts';
import { asPipelineError, missingTable, onePerTarget, statementRefused, type ErrorContext } from './errors.ts';
import { mergeRows, stagedRows, stageRows } from './merge.ts';
import { bindParameters, type BoundParameters } from './parameters.ts';
import { createTables, createViews } from './provision.ts';
import { readRows } from './read-rows.ts';
import { rowSelections, type RowSelection } from './row-selections.ts';
import { SerialQueue } from './serial-queue.ts';
import { parametersOf, quoteTable, render } from './sql/render.ts';
import { parseStatement, type ParsedStatement } from './sql/statement.ts';
import { StreamingBuffer } from './streaming-buffer.ts';

export interface DuckDbWarehouseOptions {
  /** A file, created where it is missing, or `:memory:`. Its folder exists. */
  readonly path: string;
  readonly tables: readonly TableDefinition[];
  /** Views over the tables: they are read as tables are, and never written. */
  readonly views?: readonly ViewDefinition[];
  /** Says when streamed rows arrived and leave the streaming buffer; nothing else depends on it. */
  readonly clock: Clock;
  /** Default 1: with more, the order of rows without ORDER BY and the last digits of sums vary from run to run. */
  readonly threads?: number;
  /** The project that errors name, as BigQuery's do. Default `embedded`. */
  readonly project?: string;
}

/**
 * The Warehouse port on DuckDB, in process. Calls run one at a time in the order in which they were made. What
 * a call has answered is on disk: a process that is killed after it finds it again.
 */
export class DuckDbWarehouse implements Warehouse {
  private readonly queue = new SerialQueue();
  private readonly tables: ReadonlyMap<string, TableDefinition>;
  private readonly counted = { statements: 0, mutations: 0, loadJobs: 0, rowsWritten: 0 };
  private readonly engine: Engine;
  private readonly buffer: StreamingBuffer;

  /** @internal Built by openDuckDbWarehouse, which prepares the tables. */
  constructor(engine: Engine, buffer: StreamingBuffer, tables: readonly TableDefinition[]) {
    this.engine = engine;
    this.buffer = buffer;
    this.tables = new Map(tables.map((table) => [table.name, table]));
  }

  query<Result extends Row>(statement: Statement, parameters: Parameters = {}): Promise<readonly Result[]> {
    return this.serially({ doing: statement.name }, async () => {
      const parsed = this.accepted(statement, 'query');
      const bound = bindParameters(parametersOf(parsed.pieces), parameters, statement.name);
      this.counted.statements += 1;
      // The row type is the caller's promise about its own SELECT; the SQL tests hold it to it.
      return (await readRows(await this.engine.run(render(parsed.pieces), bound), statement.name)) as readonly Result[];
    });
  }

  execute(statement: Statement, parameters: Parameters = {}): Promise<{ readonly affectedRows: number }> {
    return this.serially({ doing: statement.name }, async () => {
      const parsed = this.accepted(statement, 'execute');
      const bind = (pieces: ParsedStatement['pieces']): BoundParameters => bindParameters(parametersOf(pieces), parameters, statement.name);
      const bound = bind(parsed.pieces);
      const selections = rowSelections(parsed.shape);
      this.counted.statements += 1;
      this.counted.mutations += 1;
      await this.refuseSeveralSources(statement, selections, (selection) => bind(selection.pieces));
      await this.buffer.refuseIfTouched(this.targetOf(parsed, statement), selections, (selection) => bind(selection.pieces));
      const result = await this.engine.run(render(parsed.pieces), bound);
      this.counted.rowsWritten += result.rowsChanged;
      return { affectedRows: result.rowsChanged };
    });
  }

  merge(request: MergeRequest): Promise<MergeResult> {
    return this.serially({ doing: `merge ${request.table}`, facts: { table: request.table } }, async () => {
      const table = this.table(request.table, 'merge');
      if (request.rows.length === 0 && request.replaceScope === undefined) return { inserted: 0, updated: 0, deleted: 0, unchanged: 0 };
      this.counted.statements += 1;
      this.counted.mutations += 1;
      // The rows go through a staging table, which in BigQuery is a load job.
      if (request.rows.length > 0) this.counted.loadJobs += 1;
      const result = await mergeRows(this.engine, this.buffer, table, request);
      this.counted.rowsWritten += result.inserted + result.updated + result.deleted;
      return result;
    });
  }

  /**
   * Stores rows as another writer's `insertAll` would: at once, without looking at keys, and closed to UPDATE,
   * DELETE and MERGE for 30 minutes on the clock. No flow of the product streams; faults and the local
   * BigQuery do.
   *
   * @throws `warehouse-schema-mismatch` as merge does.
   */
  streamInsert(tableName: string, rows: readonly Row[]): Promise<void> {
    return this.serially({ doing: `stream ${tableName}`, facts: { table: tableName } }, async () => {
      const table = this.table(tableName, 'stream');
      if (rows.length === 0) return;
      await stageRows(this.engine, table, { rows });
      await this.engine.transaction(async () => {
        await this.engine.script(`INSERT INTO ${quoteTable(table.name)} SELECT * FROM ${stagedRows}`);
        await this.buffer.record(table, stagedRows);
      });
    });
  }

  /** What this process has asked for. `rowsWritten` are rows inserted, updated or deleted; streamed rows are another writer's. */
  counters(): WarehouseCounters {
    return { ...this.counted };
  }

  /** Moves the write-ahead log into the file. DuckDB does it by itself at 16 MB and on close. */
  checkpoint(): Promise<void> {
    return this.serially({ doing: 'checkpoint' }, () => this.engine.script('CHECKPOINT'));
  }

  /** Closes the file after what was already asked for. Calls made later fail with `warehouse-unavailable`. */
  close(): Promise<void> {
    return this.serially({ doing: 'close' }, () => {
      this.engine.close();
      return Promise.resolve();
    });
  }

  private serially<Result>(context: ErrorContext, task: () => Promise<Result>): Promise<Result> {
    return this.queue.run(async () => {
      try {
        return await task();
      } catch (error) {
        throw asPipelineError(error, context);
      }
    });
  }

  private accepted(statement: Statement, port: 'query' | 'execute'): ParsedStatement {
    const parsed = parseStatement(statement.text, this.tables);
    const reads = parsed.shape.kind === 'select';
    const problem = parsed.problems[0] ?? (reads === (port === 'query') ? undefined : wrongCall(port));
    if (problem !== undefined) throw statementRefused(`${statement.name}: ${problem}`, { statement: statement.name, problems: parsed.problems });
    for (const { table } of parsed.references) this.table(table, statement.name);
    return parsed;
  }

  private table(name: string, doing: string): TableDefinition {
    const table = this.tables.get(name);
    if (table === undefined) throw missingTable(name, doing);
    return table;
  }

  private targetOf(parsed: ParsedStatement, statement: Statement): TableDefinition {
    if (parsed.shape.kind === 'select' || parsed.shape.kind === 'unknown') throw statementRefused(`${statement.name}: ${wrongCall('execute')}`, {});
    return this.table(parsed.shape.target.table, statement.name);
  }

  /** DuckDB takes any of several source rows for one target row; BigQuery refuses, so that no result depends on chance. */
  private async refuseSeveralSources(
    statement: Statement, selections: readonly RowSelection[], bind: (selection: RowSelection) => BoundParameters,
  ): Promise<void> {
    for (const selection of selections.filter(({ joined }) => joined)) {
      const sql = `SELECT 1 AS found FROM ${selection.from} WHERE ${selection.where} GROUP BY ${selection.alias}.rowid HAVING count(*) > 1 LIMIT 1`;
      const found = await this.engine.run(sql, bind(selection));
      if (found.rowCount > 0) throw statementRefused(`${statement.name}: ${onePerTarget}`, { statement: statement.name });
    }
  }
}

const wrongCall = (port: 'query' | 'execute'): string =>
  port === 'query' ? 'query takes SELECT and WITH: send a statement that changes rows through execute' : 'execute takes MERGE, UPDATE, DELETE and INSERT: send SELECT through query';

/** A view as statements see it: columns to read, and nothing that a write could go by. */
const readAsTable = ({ name, description, columns }: ViewDefinition): TableDefinition => ({
  name, description, columns, row: z.object({}), key: [], business: [], partition: '', cluster: [], partitionFilterRequired: false,
});

/**
 * Opens a warehouse in a file or in memory and creates the tables that it lacks.
 *
 * @throws `warehouse-in-use` (retry) when another process, or this one, has the file open, `warehouse-corrupt`
 *   (defer) when it is no DuckDB database, `warehouse-full` (defer), and `warehouse-schema-mismatch` (defer)
 *   when a table in it has other columns than its definition.
 */
export async function openDuckDbWarehouse(options: DuckDbWarehouseOptions): Promise<DuckDbWarehouse> {
  let engine: Engine | undefined;
  try {
    engine = await Engine.open({ path: options.path, threads: options.threads ?? 1 });
    const buffer = new StreamingBuffer(engine, options.clock, options.project ?? 'embedded');
    const views = options.views ?? [];
    await createTables(engine, options.tables);
    await createViews(engine, views, options.tables);
    await buffer.load(options.tables);
    return new DuckDbWarehouse(engine, buffer, [...options.tables, ...views.map(readAsTable)]);
  } catch (error) {
    engine?.close();
    throw asPipelineError(error, { doing: `open ${options.path}`, facts: { path: options.path } });
  }
}
