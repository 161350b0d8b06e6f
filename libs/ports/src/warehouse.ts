import { minutes, type EpochMs, type Row } from '@handoff/contracts';
import type { MergeOrder, MergeScope } from '@handoff/portable-sql';

export type { MergeOrder, MergeScope };

/**
 * One statement of the portable GoogleSQL subset (docs/sql.md). `name` appears in logs and counters.
 * Tables are written in backticks, `dataset.table`; parameters are named, `@game_date`.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A parameter carries its type, since an empty list has none of its own. TIMESTAMP values are epoch milliseconds. */
export type Parameter =
  | { readonly type: 'STRING' | 'DATE'; readonly value: string | null }
  | { readonly type: 'INT64' | 'FLOAT64' | 'TIMESTAMP'; readonly value: number | null }
  | { readonly type: 'BOOL'; readonly value: boolean | null }
  | { readonly type: 'ARRAY<STRING>' | 'ARRAY<DATE>'; readonly value: readonly string[] };

export type Parameters = Readonly<Record<string, Parameter>>;

/** Rows of a request that were not written, since a later writer's are there. */
export interface Superseded {
  readonly partition: string;
  /** With `MergeOrder.unit`: its value. */
  readonly unit?: string;
}

export interface MergeRequest {
  /** `dataset.table`, a table of the catalogue. */
  readonly table: string;
  readonly rows: readonly Row[];
  /** Absent: rows that the source does not name are left alone. */
  readonly replaceScope?: MergeScope;
  /** Absent: the last to write wins. */
  readonly order?: MergeOrder;
  /** True: only rows whose key is not there are written. Rows in the streaming buffer stand in the way of no insert. */
  readonly insertsOnly?: true;
}

export interface MergeResult {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  /** With `MergeRequest.order`, where there are any. */
  readonly superseded?: readonly Superseded[];
}

/** How long BigQuery refuses to change rows that were streamed (its data manipulation page; the error page says up to 90). */
export const streamingBufferSpan = minutes(30);

/** Rows of a table that somebody streamed and that cannot be changed yet. */
export interface StreamedRows {
  /** BigQuery estimates it. */
  readonly rows: number;
  /** When the first of them came; null where the engine does not say. */
  readonly oldestAt: EpochMs | null;
  /** From when on they can be changed, unless more are streamed: when the youngest leaves the buffer where the engine knows that, else `streamingBufferSpan` from now. */
  readonly until: EpochMs;
}

/** How many statements, load jobs and rows this process has asked for, per table where it applies. */
export interface WarehouseCounters {
  readonly statements: number;
  readonly mutations: number;
  readonly loadJobs: number;
  readonly rowsWritten: number;
}

/**
 * The analytical store: BigQuery's semantics in our words. TIMESTAMP columns are epoch milliseconds in
 * rows, DATE columns `YYYY-MM-DD`, INT64 and FLOAT64 numbers, JSON values, REPEATED columns arrays.
 *
 * Errors are PipelineErrors: `warehouse-unavailable` (retry), `warehouse-streaming-buffer` (defer),
 * `warehouse-statement-refused` (reject: outside the portable subset, a missing partition filter, two
 * source rows for one target), `warehouse-table-missing`, `warehouse-schema-mismatch`,
 * `warehouse-permission-denied` and `warehouse-quota-exceeded` (defer). A streaming refusal is deferred until the
 * rows have left the buffer: the moment itself where the engine knows it, else 30 minutes from now.
 */
export interface Warehouse {
  /** Runs one read-only statement. A failed query throws; it never answers with no rows. */
  query<Result extends Row>(statement: Statement, parameters?: Parameters): Promise<readonly Result[]>;

  /** Runs one MERGE, UPDATE, DELETE or INSERT ... SELECT and tells how many rows it changed. */
  execute(statement: Statement, parameters?: Parameters): Promise<{ readonly affectedRows: number }>;

  /**
   * Writes rows by one MERGE on the table's natural key, atomically. A matched row is updated only when a
   * business column differs, so repeating it changes nothing and counts as `unchanged`. With an `order`, units
   * that hold rows of a later writer are neither written nor deleted, and are named in the result; an equal row of
   * an earlier writer takes the later place, and counts as updated.
   *
   * @throws `warehouse-statement-refused` when two source rows share a key, as BigQuery's MERGE does, and
   *   `warehouse-schema-mismatch` when a row lacks a required column or has one that the table does not.
   */
  merge(request: MergeRequest): Promise<MergeResult>;

  /**
   * The rows of a table that are in the streaming buffer, whoever streamed them and whether or not a change was ever
   * refused for them; undefined where there are none. The answer is of the whole table: whose rows they are is told by
   * the refusal of a change alone. BigQuery's may lag behind a stream by minutes.
   *
   * @throws `warehouse-table-missing`, and what a query throws.
   */
  streamedRows(table: string): Promise<StreamedRows | undefined>;

  counters(): WarehouseCounters;
}
