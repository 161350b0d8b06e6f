import { after, before, epochMs, isoInstant, PipelineError, type EpochMs, type TableDefinition } from '@handoff/contracts';
import { streamingBufferSpan, type Clock } from '@handoff/ports';
import { columnList } from './columns.ts';
import type { Engine } from './engine.ts';
import { readRows } from './read-rows.ts';
import type { RowSelection } from './row-selections.ts';
import { quoteName } from './sql/render.ts';

const schema = 'streaming_buffer';

/** How many rows of a table were streamed less than 30 minutes ago, and when the first and the last of them. */
export interface Buffered {
  readonly rows: number;
  readonly oldestAt: EpochMs | undefined;
  readonly youngestAt: EpochMs | undefined;
}

/**
 * Which rows were streamed, by natural key and arrival, in tables of their own so that it survives a restart.
 *
 * A row counts as buffered when one with its key was streamed less than 30 minutes ago on the clock. Two rows
 * with one key, which only a stream can make, are therefore buffered together, as long as the younger.
 */
export class StreamingBuffer {
  /** The youngest arrival per table, so that a table without buffered rows costs nothing. */
  private readonly youngest = new Map<string, EpochMs>();
  private readonly engine: Engine;
  private readonly clock: Clock;
  private readonly project: string;

  constructor(engine: Engine, clock: Clock, project: string) {
    this.engine = engine;
    this.clock = clock;
    this.project = project;
  }

  /** Reads what an earlier process streamed. */
  async load(tables: readonly TableDefinition[]): Promise<void> {
    const found = await readRows(await this.engine.run(`SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = '${schema}'`), 'open');
    const existing = new Set(found.map((row) => row['name']));
    for (const table of tables) {
      if (existing.has(table.name)) this.remember(table.name, await this.arrival(`SELECT max(arrived_at) AS arrived_at FROM ${side(table)}`));
    }
  }

  /** Notes that the rows of the temporary table `source` arrived now. Runs in the transaction that stores them. */
  async record(table: TableDefinition, source: string): Promise<void> {
    const now = this.clock.now();
    const keys = table.key.map((name, index) => ({ ...keyColumn(table, name), name: keyName(index) }));
    await this.engine.script(`
      CREATE SCHEMA IF NOT EXISTS ${schema};
      CREATE TABLE IF NOT EXISTS ${side(table)} (${columnList(keys)}, arrived_at TIMESTAMPTZ NOT NULL);
      DELETE FROM ${side(table)} WHERE arrived_at <= ${instant(before(now, streamingBufferSpan))};
      INSERT INTO ${side(table)} SELECT ${table.key.map(quoteName).join(', ')}, ${instant(now)} FROM ${source};`);
    this.remember(table.name, now);
  }

  /** What is in the buffer now. */
  async content(table: TableDefinition): Promise<Buffered> {
    const youngest = this.youngest.get(table.name);
    if (youngest === undefined || youngest <= this.leftBefore()) return { rows: 0, oldestAt: undefined, youngestAt: undefined };
    const sql = `SELECT count(*) AS rows, min(arrived_at) AS oldest_at FROM ${side(table)} WHERE arrived_at > ${instant(this.leftBefore())}`;
    const [row] = await readRows(await this.engine.run(sql), 'streaming buffer');
    const oldest = row?.['oldest_at'];
    return { rows: Number(row?.['rows']), oldestAt: typeof oldest === 'number' ? epochMs(oldest) : undefined, youngestAt: youngest };
  }

  /** Forgets a table that is dropped. */
  async forget(table: TableDefinition): Promise<void> {
    if (this.youngest.delete(table.name)) await this.engine.script(`DROP TABLE IF EXISTS ${side(table)}`);
  }

  /**
   * Refuses to touch buffered rows, in BigQuery's words.
   *
   * @throws `warehouse-streaming-buffer` (defer) until the youngest of the rows concerned leaves the buffer.
   */
  async refuseIfTouched(table: TableDefinition, selections: readonly RowSelection[]): Promise<void> {
    const youngest = this.youngest.get(table.name);
    if (youngest === undefined || youngest <= this.leftBefore()) return;
    for (const selection of selections) {
      const touched = await this.arrival(this.touchedSql(table, selection));
      if (touched !== undefined) throw this.refusal(table, touched);
    }
  }

  private touchedSql(table: TableDefinition, selection: RowSelection): string {
    const sameKey = table.key.map((name, index) => `buffered.${keyName(index)} = ${selection.alias}.${quoteName(name)}`);
    return `SELECT max(buffered.arrived_at) AS arrived_at FROM ${selection.from}, ${side(table)} AS buffered
      WHERE ${selection.where} AND ${sameKey.join(' AND ')} AND buffered.arrived_at > ${instant(this.leftBefore())}`;
  }

  private refusal(table: TableDefinition, arrivedAt: EpochMs): PipelineError {
    const until = after(arrivedAt, streamingBufferSpan);
    return new PipelineError({
      code: 'warehouse-streaming-buffer',
      disposition: 'defer',
      until,
      message: `UPDATE or DELETE statement over table ${this.project}.${table.name} would affect rows in the streaming buffer, which is not supported; the last of them leaves it at ${isoInstant(until)}`,
      facts: { table: table.name },
    });
  }

  private async arrival(sql: string): Promise<EpochMs | undefined> {
    const [row] = await readRows(await this.engine.run(sql), 'streaming buffer');
    const value = row?.['arrived_at'];
    return typeof value === 'number' ? epochMs(value) : undefined;
  }

  private remember(table: string, arrivedAt: EpochMs | undefined): void {
    if (arrivedAt !== undefined) this.youngest.set(table, arrivedAt);
  }

  /** Rows that arrived at this instant or earlier have left the buffer. */
  private leftBefore(): EpochMs {
    return before(this.clock.now(), streamingBufferSpan);
  }
}

const side = (table: TableDefinition): string => `${schema}.${quoteName(table.name)}`;

/** The side table names its columns by number, so that a bare column of a statement joined with it stays unambiguous. */
const keyName = (index: number): string => `buffered_key_${index}`;

const instant = (at: EpochMs): string => `TIMESTAMPTZ '${isoInstant(at)}'`;

function keyColumn(table: TableDefinition, name: string) {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new TypeError(`table ${table.name}: its key names the column ${name}, which it does not have`);
  return column;
}
