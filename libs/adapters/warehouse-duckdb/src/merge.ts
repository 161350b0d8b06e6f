import type { TableDefinition } from '@handoff/contracts';
import { mergeStatement, parseStatement, refuseDuplicateKeys, supersededStatement } from '@handoff/portable-sql';
import { supersede, type MergeRequest, type MergeResult, type Superseded } from '@handoff/ports';
import { columnList } from './columns.ts';
import type { Engine } from './engine.ts';
import type { KnownKeys } from './known-keys.ts';
import { readRows } from './read-rows.ts';
import { rowSelections } from './row-selections.ts';
import { runMerge } from './run-merge.ts';
import { render } from './sql/render.ts';
import type { StreamingBuffer } from './streaming-buffer.ts';
import { appendRows } from './write-rows.ts';

/** The temporary table that a batch of rows is loaded into. One is enough: statements run one at a time. */
const staging = 'staged_rows';
export const stagedRows = `temp.${staging}`;

/** What a merge works with. */
export interface MergeParts {
  readonly engine: Engine;
  readonly buffer: StreamingBuffer;
  readonly keys: KnownKeys;
}

/** What an appender writes at once: all of it, or nothing. */
const appendedMax = 2_048;

/** Inserts rows whose keys are not there. Rows in the streaming buffer stand in the way of no insert. */
async function insertAll(engine: Engine, keys: KnownKeys, table: TableDefinition, rows: MergeRequest['rows']): Promise<MergeResult> {
  if (rows.length > 0) {
    try {
      await engine.append(table.name, (appender) => { appendRows(appender, table, rows); });
    } catch (error) {
      // A commit that failed may be there when the file is opened again.
      keys.forget(table.name);
      throw error;
    }
  }
  keys.added(table, rows);
  return { inserted: rows.length, updated: 0, deleted: 0, unchanged: 0 };
}

/**
 * Merges rows into a table, atomically.
 *
 * @throws as Warehouse.merge promises; nothing of the table has changed then.
 */
export async function mergeRows({ engine, buffer, keys }: MergeParts, table: TableDefinition, asked: MergeRequest): Promise<MergeResult> {
  refuseDuplicateKeys(table, asked.rows);
  if (asked.rows.length <= appendedMax && (await keys.insertsAll(table, asked))) return insertAll(engine, keys, table, asked.rows);
  const merged = keys.merging(table, asked);
  const superseded = await supersededBy(engine, table, asked);
  const request = supersede(table, asked, superseded);
  const text = mergeStatement({ table, rows: request.rows, scope: request.replaceScope, order: request.order, insertsOnly: request.insertsOnly === true, source: `\`${stagedRows}\` AS s` });
  const { shape } = parseStatement(text, new Map(), 'adapter');
  if (shape.kind !== 'merge') throw new TypeError(`merge ${table.name}: its own text is no MERGE: ${text}`);
  await stageRows(engine, { name: staging, table, rows: request.rows });
  await buffer.refuseIfTouched(table, rowSelections(shape));
  const changed = await runMerge(engine, shape);
  merged();
  // A key that a stream has doubled is updated twice for one source row.
  const unchanged = Math.max(0, request.rows.length - changed.inserted - changed.updated);
  return { ...changed, unchanged, ...(superseded.length === 0 ? {} : { superseded }) };
}

/** The units of the request in which a later writer has rows. Statements run one at a time: what is read here holds for the merge. */
async function supersededBy(engine: Engine, table: TableDefinition, { rows, replaceScope, order }: MergeRequest): Promise<readonly Superseded[]> {
  const text = order === undefined ? undefined : supersededStatement({ table, rows, scope: replaceScope, order });
  if (text === undefined) return [];
  const newer = await readRows(await engine.run(render(parseStatement(text, new Map(), 'adapter').pieces)), `merge ${table.name}`);
  return newer.map(({ partition, unit }) => ({ partition: String(partition), ...(order?.unit === undefined ? {} : { unit: String(unit) }) }));
}

export interface StagedRows {
  /** Name of the temporary table. */
  readonly name?: string;
  readonly table: TableDefinition;
  readonly rows: MergeRequest['rows'];
}

/**
 * Loads rows into a temporary table, replacing what was in it.
 *
 * @throws `warehouse-schema-mismatch` for a row that does not fit the table.
 */
export async function stageRows(engine: Engine, { name = staging, table, rows }: StagedRows): Promise<void> {
  await engine.script(`CREATE OR REPLACE TEMP TABLE ${name} (${columnList(table.columns)})`);
  if (rows.length > 0) await engine.append(`temp.${name}`, (appender) => { appendRows(appender, table, rows); });
}
