import { randomUUID } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { attempted, type Attempts } from '@handoff/attempts';
import { elapsed, hasCode, milliseconds, seconds, type DurationMs, type Row, type TableDefinition, type ViewDefinition } from '@handoff/contracts';
import {
  mergesNothing, mergeStatement, missingTable, parametersOf, parseStatement, readAsTable, refuseDuplicateKeys, refuseUnknownColumns, schemaMismatch, statementRefused,
  supersededStatement, wrongCall, type ParsedStatement,
} from '@handoff/portable-sql';
import { supersede, type Clock, type Log, type MergeRequest, type MergeResult, type Parameters, type Statement, type StreamedRows, type Superseded, type Warehouse, type WarehouseCounters } from '@handoff/ports';
import { defaultAttempts, sentAgain } from './attempts.ts';
import { asPipelineError, failureOf, isWriteConflict } from './errors.ts';
import { Jobs, type ChangedRows, type QueryJob } from './jobs.ts';
import { missingColumns } from './missing-columns.ts';
import { clientParameters, jobParameters } from './parameters.ts';
import { queryRows } from './query-rows.ts';
import { Quotas, type QuotaWatch } from './quotas.ts';
import { rowParameter, type QueryParameter } from './row-parameter.ts';
import { withStagedRows, type Staging } from './staging.ts';
import { readStreamedRows } from './streamed-rows.ts';
import { TableQueues } from './table-queues.ts';

export interface BigQueryWarehouseOptions {
  /** Shared by the process: createBigQueryClient. */
  readonly client: BigQuery;
  readonly tables: readonly TableDefinition[];
  /** Views over the tables: they are read as tables are, and never written. */
  readonly views?: readonly ViewDefinition[];
  readonly clock: Clock;
  /** Hears when a quota is nearly used up. */
  readonly log: Log;
  /**
   * Statements and load jobs that would go over a limit are held back before they are sent. Google's own limits are by
   * the wall clock: what answers in its place on this machine has none, and runs by a clock that may stand still.
   */
  readonly holdsBack?: boolean;
  /** Tells people what the log is told of quotas. */
  readonly quotaWatch?: QuotaWatch;
  /** More rows than this go through a load job; fewer travel with the MERGE. Default 1,000. */
  readonly inlineRowsMax?: number;
  readonly attempts?: Attempts;
}

/**
 * How long a change may take, with its repetitions. Less than what a worker keeps of its lease when it begins a write
 * (60 s, docs/adr/0016-fencing.md): a change that nobody waits for any more does not take effect after another's.
 */
const changeTimeout = seconds(50);

/** A change is not begun again with less than this left: it would only be stopped. */
const changeTimeMin = seconds(5);

/** A request may have 10 MB; a third of it leaves room for the client's own copy of it in memory. */
const inlineBytesMax = 3_000_000;

/** The parameter that rows travel in. */
const rowsName = 'rows';

/**
 * The Warehouse port on BigQuery. Create one per process.
 *
 * Statements are held to the portable subset before they are sent. One at a time changes a table, in the order
 * asked for. Requests are repeated up to 4 times where that is safe and may help; a statement that changes rows
 * is a job with an id of its own, so it runs once however often its request is sent. One that lost against a change of
 * another process has done nothing, and is made again as another job, up to 4 in all.
 */
export class BigQueryWarehouse implements Warehouse {
  private readonly client: BigQuery;
  private readonly clock: Clock;
  private readonly attempts: Attempts;
  private readonly inlineRowsMax: number;
  private readonly tables: ReadonlyMap<string, TableDefinition>;
  private readonly jobs: Jobs;
  private readonly staging: Staging;
  private readonly quotas: Quotas;
  private readonly queues = new TableQueues();
  private readonly counted = { statements: 0, mutations: 0, loadJobs: 0, rowsWritten: 0 };

  constructor(options: BigQueryWarehouseOptions) {
    this.client = options.client;
    this.clock = options.clock;
    this.attempts = options.attempts ?? defaultAttempts;
    this.inlineRowsMax = options.inlineRowsMax ?? 1_000;
    this.tables = new Map([...options.tables, ...(options.views ?? []).map(readAsTable)].map((table) => [table.name, table]));
    this.jobs = new Jobs(this.client, this.attempts);
    this.staging = { client: this.client, attempts: this.attempts, jobs: this.jobs, clock: this.clock, log: options.log };
    this.quotas = new Quotas(options.clock, options.log, { project: options.client.projectId, holdsBack: options.holdsBack === true, watch: options.quotaWatch });
  }

  async query<Result extends Row>(statement: Statement, parameters: Parameters = {}): Promise<readonly Result[]> {
    const parsed = this.accepted(statement, 'query');
    const { params, types } = clientParameters(parametersOf(parsed.pieces), parameters, statement.name);
    this.counted.statements += 1;
    return this.explained(parsed, { doing: statement.name }, async () => {
      // The row type is the caller's promise about its own SELECT; the SQL tests hold it to it.
      return (await sentAgain(this.attempts, () => queryRows(this.client, { text: statement.text, params, types, doing: statement.name }))) as readonly Result[];
    });
  }

  async execute(statement: Statement, parameters: Parameters = {}): Promise<{ readonly affectedRows: number }> {
    const parsed = this.accepted(statement, 'execute');
    const bound = jobParameters(parametersOf(parsed.pieces), parameters, statement.name);
    const table = parsed.shape.kind === 'select' || parsed.shape.kind === 'unknown' ? '' : parsed.shape.target.table;
    const { inserted, updated, deleted } = await this.inTurn(table, () =>
      this.explained(parsed, { doing: statement.name }, () => this.change(table, { jobId: randomUUID(), text: statement.text, parameters: bound })));
    return { affectedRows: inserted + updated + deleted };
  }

  async merge(request: MergeRequest): Promise<MergeResult> {
    const table = this.table(request.table, 'merge');
    if (mergesNothing(request.rows, request.replaceScope)) return { inserted: 0, updated: 0, deleted: 0, unchanged: 0 };
    refuseUnknownColumns(table, request.rows);
    const all = rowParameter(rowsName, table, request.rows);
    refuseDuplicateKeys(table, request.rows);
    return this.inTurn(table.name, async () => {
      const superseded = await this.supersededBy(table, request);
      const left = supersede(table, request, superseded);
      const parameter = superseded.length === 0 ? all : rowParameter(rowsName, table, left.rows);
      const changed = mergesNothing(left.rows, left.replaceScope) ? { inserted: 0, updated: 0, deleted: 0 } : await this.mergeRows(table, left, parameter);
      // A key that a stream has doubled is updated twice for one source row.
      const unchanged = Math.max(0, left.rows.length - changed.inserted - changed.updated);
      return { ...changed, unchanged, ...(superseded.length === 0 ? {} : { superseded }) };
    });
  }

  /** What tables.get says, estimated and up to minutes late. */
  async streamedRows(name: string): Promise<StreamedRows | undefined> {
    const doing = `streamed rows of ${name}`;
    const table = this.table(name, doing);
    try {
      return await readStreamedRows(this.client, this.attempts, { name: table.name, now: this.clock.now() });
    } catch (error) {
      throw asPipelineError(error, { doing, facts: { table: table.name }, now: this.clock.now() });
    }
  }

  /** What this process has asked for. `rowsWritten` are rows inserted, updated or deleted. */
  counters(): WarehouseCounters {
    return { ...this.counted };
  }

  /** Resolves when every change that was asked for is over, whether it succeeded or failed. */
  idle(): Promise<void> {
    return this.queues.idle();
  }

  private mergeRows(table: TableDefinition, { rows, replaceScope, order, insertsOnly }: MergeRequest, parameter: QueryParameter): Promise<ChangedRows> {
    const textFrom = (source: string): string => mergeStatement({ table, rows, scope: replaceScope, order, insertsOnly: insertsOnly === true, source });
    const inlineText = textFrom(`UNNEST(@${rowsName}) AS s`);
    const callId = randomUUID();
    const isInline = rows.length <= this.inlineRowsMax && JSON.stringify(parameter).length <= inlineBytesMax;
    return this.explained(parseStatement(inlineText, this.tables, 'adapter'), { doing: `merge ${table.name}`, table: table.name }, async () => {
      if (isInline) return this.change(table.name, { jobId: callId, text: inlineText, parameters: [parameter] });
      this.quotas.admitLoadJob();
      this.counted.loadJobs += 1;
      return withStagedRows(this.staging, { table, rows, callId }, (staged) =>
        this.change(table.name, { jobId: callId, text: textFrom(`\`${staged}\` AS s`), parameters: [] }));
    });
  }

  /**
   * The units of a request in which a later writer has rows. Another process may write between this and the
   * MERGE, whose own conditions then leave its rows as they are; only rows that it does not have can be added.
   */
  private async supersededBy(table: TableDefinition, { rows, replaceScope, order }: MergeRequest): Promise<readonly Superseded[]> {
    const text = order === undefined ? undefined : supersededStatement({ table, rows, scope: replaceScope, order });
    if (text === undefined) return [];
    const doing = `merge ${table.name}`;
    this.counted.statements += 1;
    const newer = await this.explained(parseStatement(text, this.tables, 'adapter'), { doing, table: table.name }, () =>
      sentAgain(this.attempts, () => queryRows(this.client, { text, params: {}, types: {}, doing })));
    return newer.map(({ partition, unit }) => ({ partition: String(partition), ...(order?.unit === undefined ? {} : { unit: String(unit) }) }));
  }

  private async change(table: string, job: Omit<QueryJob, 'timeoutMs'>): Promise<ChangedRows> {
    await this.quotas.admitChange(table, this.attempts.wait);
    this.counted.statements += 1;
    this.counted.mutations += 1;
    const startedAt = this.clock.now();
    const left = (): DurationMs => milliseconds(changeTimeout - elapsed(startedAt, this.clock.now()));
    const mayRepeat = (error: unknown): boolean => isWriteConflict(error) && left() >= changeTimeMin;
    // A job that has failed stays so: asking under its id again would only hear of the same failure.
    const changed = await attempted(this.attempts, mayRepeat, (attempt) => {
      if (attempt > 1) this.quotas.countRepeated(table);
      return this.jobs.change({ ...job, jobId: attempt === 1 ? job.jobId : `${job.jobId}-${attempt}`, timeoutMs: left() });
    });
    this.counted.rowsWritten += changed.inserted + changed.updated + changed.deleted;
    return changed;
  }

  private inTurn<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
    return this.queues.run(table, (waiting) => { this.quotas.queued(table, waiting); }, work);
  }

  private async explained<Result>(parsed: ParsedStatement, facts: { readonly doing: string; readonly table?: string }, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const { doing, ...rest } = facts;
      const told = asPipelineError(error, { doing, facts: rest, now: this.clock.now() });
      if (!hasCode(told, 'warehouse-statement-refused') || failureOf(error).reason !== 'invalidQuery') throw told;
      const columns = await missingColumns(this.client, this.attempts, parsed);
      if (columns.length === 0) throw told;
      throw schemaMismatch(`${doing}: no column ${columns.join(', ')} in the tables that it names: bring them in line with the code, then try again`, { ...rest, columns }, error);
    }
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
}
