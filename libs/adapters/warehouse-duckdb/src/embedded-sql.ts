import type { Row, TableDefinition, ViewDefinition } from '@handoff/contracts';
import { readAsTable, schemaMismatch, statementRefused } from '@handoff/portable-sql';
import type { Clock, MergeResult, Statement } from '@handoff/ports';
import { Engine } from './engine.ts';
import { asPipelineError, type ErrorContext } from './errors.ts';
import { stagedRows, stageRows } from './merge.ts';
import { createTables, createViews } from './provision.ts';
import { readColumns, readRows } from './read-rows.ts';
import { SerialQueue } from './serial-queue.ts';
import { quoteTable } from './sql/render.ts';
import { StatementRunner, type GivenParameters, type Selected } from './statement-runner.ts';
import { streamRows } from './stream-rows.ts';
import { StreamingBuffer, type Buffered } from './streaming-buffer.ts';

export interface EmbeddedSqlOptions {
  readonly tables: readonly TableDefinition[];
  readonly views: readonly ViewDefinition[];
  /** Says when streamed rows arrived and leave the streaming buffer. */
  readonly clock: Clock;
  /** The project that errors name. */
  readonly project: string;
}

export type StatementKind = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';

export interface StatementAnswer extends Selected {
  readonly kind: StatementKind;
  /** Undefined for SELECT. */
  readonly changed: Omit<MergeResult, 'unchanged'> | undefined;
}

/** Which rows of a table to read, in the order in which they were stored. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

const kinds = { select: 'SELECT', insert: 'INSERT', update: 'UPDATE', delete: 'DELETE', merge: 'MERGE' } as const;

/**
 * What stands behind a local BigQuery: statements, tables that come and go, loads and streams, on one DuckDB in
 * memory. Calls run one at a time in the order in which they were made. Errors are those of DuckDbWarehouse.
 */
export class EmbeddedSql {
  private readonly queue = new SerialQueue();
  private readonly tables: Map<string, TableDefinition>;
  private readonly views: ReadonlySet<string>;
  private readonly engine: Engine;
  private readonly buffer: StreamingBuffer;
  private readonly runner: StatementRunner;

  private constructor(engine: Engine, options: EmbeddedSqlOptions) {
    const { tables, views, clock, project } = options;
    this.engine = engine;
    this.buffer = new StreamingBuffer(engine, clock, project);
    this.tables = new Map([...tables, ...views.map(readAsTable)].map((table) => [table.name, table]));
    this.views = new Set(views.map(({ name }) => name));
    this.runner = new StatementRunner(engine, this.buffer, this.tables);
  }

  /** Opens an empty one with these tables and views. */
  static async open(options: EmbeddedSqlOptions): Promise<EmbeddedSql> {
    const engine = await Engine.open({ path: ':memory:', threads: 1 });
    await createTables(engine, options.tables);
    await createViews(engine, options.views, options.tables);
    return new EmbeddedSql(engine, options);
  }

  /** The tables and views that exist now, by name. */
  definitions(): ReadonlyMap<string, TableDefinition> {
    return this.tables;
  }

  isView(name: string): boolean {
    return this.views.has(name);
  }

  /** Runs one statement of the subset, or of what the merges of adapters are made of. */
  run(statement: Statement, given: GivenParameters): Promise<StatementAnswer> {
    return this.serially({ doing: statement.name }, async () => {
      const parsed = this.runner.parse(statement, 'adapter');
      if (parsed.shape.kind === 'unknown') throw statementRefused(parsed.shape.problem, {});
      const kind = kinds[parsed.shape.kind];
      if (kind === 'SELECT') return { kind, ...(await this.runner.select(parsed, given, statement.name)), changed: undefined };
      return { kind, columns: [], rows: [], changed: await this.runner.change(parsed, given, statement.name) };
    });
  }

  /** The kind of a statement that could be run: a dry run. Columns and types it does not see. */
  check(statement: Statement): StatementKind {
    const { shape } = this.runner.parse(statement, 'adapter');
    if (shape.kind === 'unknown') throw statementRefused(shape.problem, {});
    return kinds[shape.kind];
  }

  /** @throws `warehouse-schema-mismatch` when it exists: the caller looks first. */
  createTable(table: TableDefinition): Promise<void> {
    return this.serially({ doing: `create ${table.name}` }, async () => {
      if (this.tables.has(table.name)) throw schemaMismatch(`${table.name} exists already`, { table: table.name });
      await createTables(this.engine, [table]);
      this.tables.set(table.name, table);
    });
  }

  /** @throws `warehouse-table-missing`, `warehouse-statement-refused` for a view. */
  dropTable(name: string): Promise<void> {
    return this.serially({ doing: `drop ${name}` }, async () => {
      const table = this.writable(name, 'drop');
      await this.engine.script(`DROP TABLE ${quoteTable(name)}`);
      await this.buffer.forget(table);
      this.tables.delete(name);
    });
  }

  /** Appends rows as a load job does, or puts them in the place of all others. All of them, or none. */
  load(name: string, rows: readonly Row[], how: 'append' | 'replace'): Promise<void> {
    return this.serially({ doing: `load ${name}`, facts: { table: name } }, async () => {
      const table = this.writable(name, 'load');
      await stageRows(this.engine, { table, rows });
      await this.engine.transaction(async () => {
        if (how === 'replace') await this.engine.script(`DELETE FROM ${quoteTable(name)}`);
        await this.engine.script(`INSERT INTO ${quoteTable(name)} SELECT * FROM ${stagedRows}`);
      });
    });
  }

  /** Stores rows as `insertAll` does. @throws `warehouse-statement-refused` for a table without a key, by which streamed rows are known. */
  stream(name: string, rows: readonly Row[]): Promise<void> {
    return this.serially({ doing: `stream ${name}`, facts: { table: name } }, async () => {
      const table = this.writable(name, 'stream');
      if (table.key.length === 0) throw statementRefused(`stream ${name}: the table has no primary key, by which streamed rows are known`, { table: name });
      await streamRows(this.engine, this.buffer, table, rows);
    });
  }

  /** What of a table is in the streaming buffer. */
  buffered(name: string): Promise<Buffered> {
    return this.serially({ doing: `buffer of ${name}` }, () => this.buffer.content(this.runner.table(name, 'buffer')));
  }

  /** Rows of a table, in the order in which they were stored, and how many it has in all. */
  read(name: string, range: RowRange): Promise<Selected & { readonly total: number }> {
    return this.serially({ doing: `read ${name}` }, async () => {
      this.runner.table(name, 'read');
      const rows = await this.engine.run(`SELECT * FROM ${quoteTable(name)} LIMIT ${range.count} OFFSET ${range.first}`);
      const [counted] = await readRows(await this.engine.run(`SELECT count(*) AS total FROM ${quoteTable(name)}`), name);
      return { columns: readColumns(rows, name), rows: await readRows(rows, name), total: Number(counted?.['total']) };
    });
  }

  /** Closes after what was already asked for. Calls made later fail with `warehouse-unavailable`. */
  close(): Promise<void> {
    return this.serially({ doing: 'close' }, () => {
      this.engine.close();
      return Promise.resolve();
    });
  }

  private writable(name: string, doing: string): TableDefinition {
    if (this.views.has(name)) throw statementRefused(`${doing} ${name}: it is a view`, { table: name });
    return this.runner.table(name, doing);
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
}
