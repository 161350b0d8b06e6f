import { resolve } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBMaterializedResult, type DuckDBAppender } from '@duckdb/node-api';
import { PipelineError } from '@handoff/contracts';
import { engineErrorType } from './errors.ts';
import { createMacros } from './sql/macros.ts';

export interface EngineOptions {
  /** A file, created where it is missing, or `:memory:`. */
  readonly path: string;
  readonly threads: number;
  /** True where the write-ahead log may stay beside a file that is closed, for whoever opens it next to read in. */
  readonly leavesLog?: boolean;
}

/** Files open in this process: DuckDB locks a file against other processes only. */
const openFiles = new Set<string>();

/**
 * One DuckDB database and the one connection to it.
 *
 * After an error that leaves DuckDB unusable until it is opened again (a full disk during a commit), the next
 * statement opens the file again; what had been committed is there.
 */
export class Engine {
  private instance: DuckDBInstance | undefined;
  private connection: DuckDBConnection | undefined;
  private readonly file: string | undefined;
  private closed = false;
  private readonly options: EngineOptions;

  private constructor(options: EngineOptions) {
    this.options = options;
    this.file = options.path === ':memory:' ? undefined : resolve(options.path);
  }

  /** @throws DuckDB's error for a file that is locked by another process, or is not a database. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    if (engine.file !== undefined && openFiles.has(engine.file)) {
      throw new PipelineError({
        code: 'warehouse-in-use', disposition: 'retry', message: `${engine.file} is already open in this process: share the warehouse, or close it first`,
      });
    }
    await engine.connected();
    if (engine.file !== undefined) openFiles.add(engine.file);
    return engine;
  }

  /** Plans and runs one statement. Nothing prepared is ever kept: run again after the table has changed, it may answer wrongly. */
  run(sql: string): Promise<DuckDBMaterializedResult> {
    return this.guarded((connection) => connection.run(sql));
  }

  /** Runs statements of our own without parameters, several at once where need be. */
  async script(sql: string): Promise<void> {
    await this.guarded((connection) => connection.run(sql));
  }

  /** Opens an appender on a table, `temp.name` or `dataset.name`, gives it to `append` and closes it, which makes the rows visible. */
  async append(table: string, append: (appender: DuckDBAppender) => void): Promise<void> {
    await this.guarded(async (connection) => {
      const [place = '', name = ''] = table.split('.');
      const appender = await (place === 'temp' ? connection.createAppender(name, null, place) : connection.createAppender(name, place));
      try {
        append(appender);
      } catch (error) {
        // Closing writes what is pending, and half of a batch must not be seen.
        appender.clear();
        throw error;
      } finally {
        appender.closeSync();
      }
    });
  }

  /** Runs `work` in one transaction: all of its writes, or none. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.script('BEGIN TRANSACTION');
    try {
      const result = await work();
      await this.script('COMMIT');
      return result;
    } catch (error) {
      // A failed commit has already ended the transaction; what went wrong first is what the caller needs.
      // eslint-disable-next-line audit/no-swallowed-error -- a ROLLBACK that fails says nothing which the first error does not
      await this.script('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  close(): void {
    this.closed = true;
    if (this.file !== undefined) openFiles.delete(this.file);
    this.release();
  }

  private async guarded<Result>(use: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.connected();
    try {
      return await use(connection);
    } catch (error) {
      const type = engineErrorType(error);
      if (this.file !== undefined && (type === 'FATAL' || type === 'INTERNAL')) this.release();
      throw error;
    }
  }

  private async connected(): Promise<DuckDBConnection> {
    if (this.closed) throw new PipelineError({ code: 'warehouse-unavailable', disposition: 'retry', message: 'the warehouse is closed: open it again' });
    if (this.connection !== undefined) return this.connection;
    this.instance = await DuckDBInstance.create(this.options.path, {
      threads: String(this.options.threads),
      // BigQuery sorts NULL before every value: first ascending, last descending.
      default_null_order: 'nulls_first_on_asc_last_on_desc',
      autoinstall_known_extensions: 'false',
      enable_external_access: 'false',
    });
    const connection = await this.instance.connect();
    await connection.run(`SET TimeZone = 'UTC'; ${this.options.leavesLog === true ? 'PRAGMA disable_checkpoint_on_shutdown;' : ''} ${createMacros}`);
    this.connection = connection;
    return connection;
  }

  private release(): void {
    this.connection?.closeSync();
    this.instance?.closeSync();
    this.connection = undefined;
    this.instance = undefined;
  }
}
