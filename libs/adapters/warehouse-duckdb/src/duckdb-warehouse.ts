import { after, type Row, type TableDefinition, type ViewDefinition } from '@handoff/contracts';
import { mergesNothing, parseStatement, readAsTable, statementRefused, wrongCall, type ParsedStatement } from '@handoff/portable-sql';
import { streamingBufferSpan, type Clock, type MergeRequest, type MergeResult, type Parameters, type Statement, type StreamedRows, type Warehouse, type WarehouseCounters } from '@handoff/ports';
import { Engine } from './engine.ts';
import { asPipelineError, type ErrorContext } from './errors.ts';
import { KeptAnswers } from './kept-answers.ts';
import { KnownKeys } from './known-keys.ts';
import { mergeRows } from './merge.ts';
import { createTables, createViews } from './provision.ts';
import { SerialQueue } from './serial-queue.ts';
import { StatementRunner } from './statement-runner.ts';
import { streamRows } from './stream-rows.ts';
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
  /** Default false: closing moves the write-ahead log into the file, which takes as long as some hundred statements. True: it stays beside the file, and is read when that is opened. */
  readonly leavesLog?: boolean;
  /** The project that errors name, as BigQuery's do. Default `embedded`. */
  readonly project?: string;
}

/** What opening has found and made. */
interface Prepared {
  readonly tables: readonly TableDefinition[];
  readonly views: readonly ViewDefinition[];
  readonly reordered: ReadonlySet<string>;
}

/**
 * The Warehouse port on DuckDB, in process. Calls run one at a time in the order in which they were made. What
 * a call has answered is on disk: a process that is killed after it finds it again.
 */
export class DuckDbWarehouse implements Warehouse {
  private readonly queue = new SerialQueue();
  private readonly runner: StatementRunner;
  private readonly counted = { statements: 0, mutations: 0, loadJobs: 0, rowsWritten: 0 };
  private readonly engine: Engine;
  private readonly buffer: StreamingBuffer;

  private readonly answers: KeptAnswers;
  private readonly keys: KnownKeys;
  /** Statements are read once: their texts are constants of the flows, and the tables do not change. */
  private readonly parsed = new Map<string, ParsedStatement>();

  /** @internal Built by openDuckDbWarehouse, which prepares the tables. */
  constructor(engine: Engine, buffer: StreamingBuffer, { tables, views, reordered }: Prepared) {
    this.engine = engine;
    this.buffer = buffer;
    const known = [...tables, ...views.map(readAsTable)];
    this.runner = new StatementRunner(engine, buffer, new Map(known.map((table) => [table.name, table])));
    this.keys = new KnownKeys(engine, reordered);
    this.answers = new KeptAnswers(new Map(views.map(({ name, text }) => [name, parseStatement(text, new Map()).references.map(({ table }) => table)])));
  }

  query<Result extends Row>(statement: Statement, parameters: Parameters = {}): Promise<readonly Result[]> {
    return this.serially({ doing: statement.name }, async () => {
      const parsed = this.accepted(statement, 'query');
      this.counted.statements += 1;
      const rows = await this.runner.selectRows(parsed, parameters, { name: statement.name, kept: this.answers });
      // The row type is the caller's promise about its own SELECT; the SQL tests hold it to it.
      return rows as readonly Result[];
    });
  }

  execute(statement: Statement, parameters: Parameters = {}): Promise<{ readonly affectedRows: number }> {
    return this.serially({ doing: statement.name }, async () => {
      const parsed = this.accepted(statement, 'execute');
      this.counted.statements += 1;
      this.counted.mutations += 1;
      for (const { table } of parsed.references) this.forget(table);
      const { inserted, updated, deleted } = await this.runner.change(parsed, { values: parameters }, statement.name);
      const affectedRows = inserted + updated + deleted;
      this.counted.rowsWritten += affectedRows;
      return { affectedRows };
    });
  }

  merge(request: MergeRequest): Promise<MergeResult> {
    return this.serially({ doing: `merge ${request.table}`, facts: { table: request.table } }, async () => {
      const table = this.runner.table(request.table, 'merge');
      if (mergesNothing(request.rows, request.replaceScope)) return { inserted: 0, updated: 0, deleted: 0, unchanged: 0 };
      this.counted.statements += 1;
      this.counted.mutations += 1;
      // The rows go through a staging table, which in BigQuery is a load job.
      if (request.rows.length > 0) this.counted.loadJobs += 1;
      this.answers.forgetTable(table.name);
      const result = await mergeRows({ engine: this.engine, buffer: this.buffer, keys: this.keys }, table, request);
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
      this.forget(tableName);
      await streamRows(this.engine, this.buffer, this.runner.table(tableName, 'stream'), rows);
    });
  }

  streamedRows(name: string): Promise<StreamedRows | undefined> {
    const doing = `streamed rows of ${name}`;
    return this.serially({ doing, facts: { table: name } }, async () => {
      const { rows, oldestAt, youngestAt } = await this.buffer.content(this.runner.table(name, doing));
      return oldestAt === undefined || youngestAt === undefined ? undefined : { rows, oldestAt, until: after(youngestAt, streamingBufferSpan) };
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

  /** A table is about to be written by something else than a merge. */
  private forget(table: string): void {
    this.answers.forgetTable(table);
    this.keys.forget(table);
  }

  private accepted(statement: Statement, port: 'query' | 'execute'): ParsedStatement {
    const parsed = this.parsed.get(statement.text) ?? this.runner.parse(statement, 'portable');
    this.parsed.set(statement.text, parsed);
    const reads = parsed.shape.kind === 'select';
    if (reads !== (port === 'query')) throw statementRefused(`${statement.name}: ${wrongCall(port)}`, { statement: statement.name });
    return parsed;
  }
}

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
    engine = await Engine.open({ path: options.path, threads: options.threads ?? 1, leavesLog: options.leavesLog ?? false });
    const buffer = new StreamingBuffer(engine, options.clock, options.project ?? 'embedded');
    const views = options.views ?? [];
    const reordered = await createTables(engine, options.tables);
    await createViews(engine, views, options.tables);
    await buffer.load(options.tables);
    return new DuckDbWarehouse(engine, buffer, { tables: options.tables, views, reordered });
  } catch (error) {
    engine?.close();
    throw asPipelineError(error, { doing: `open ${options.path}`, facts: { path: options.path } });
  }
}
