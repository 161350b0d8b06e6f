import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochMs, type Row, type TableDefinition } from '@handoff/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDuckDbWarehouse } from './duckdb-warehouse.ts';
import { Engine } from './engine.ts';
import { KnownKeys } from './known-keys.ts';
import { mergeRows, type MergeParts } from './merge.ts';
import { notes } from './notes-table.ts';
import { createTables } from './provision.ts';
import { readRows } from './read-rows.ts';
import { StreamingBuffer } from './streaming-buffer.ts';

const clock = { now: () => epochMs(1_769_256_000_000) };
const days = ['2026-01-24', '2026-01-25'] as const;

/** Kept by day, as most tables of the catalogue are, and not, as logs are. */
const byDay: TableDefinition = { ...notes, name: 'held.by_day', key: ['id', 'on_date'], columns: [...notes.columns, { name: 'revision', type: 'INT64', mode: 'REQUIRED' }] };
const whole: TableDefinition = { ...byDay, name: 'held.whole', key: ['id'] };

const note = fc.record({ id: fc.constantFrom('a', 'b', 'c'), on_date: fc.constantFrom(...days), body: fc.constantFrom('1', '2', null) });
const merges = fc.record({
  kind: fc.constant('merge' as const), rows: fc.array(note, { maxLength: 3 }), scoped: fc.option(fc.subarray([...days], { minLength: 1 }), { freq: 1 }), revision: fc.integer({ min: 1, max: 3 }),
  ordered: fc.constantFrom(true, false, false), insertsOnly: fc.boolean(),
});
const steps = fc.oneof({ weight: 4, arbitrary: merges }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id: fc.constantFrom('a', 'b', 'c') }) });

type Step = typeof steps extends fc.Arbitrary<infer One> ? One : never;

/** An engine that compares every merge. */
class NeverKnown extends KnownKeys {
  override insertsAll(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

async function open(Keys: typeof KnownKeys) {
  const engine = await Engine.open({ path: ':memory:', threads: 1 });
  await createTables(engine, [byDay, whole]);
  return { engine, buffer: new StreamingBuffer(engine, clock, 'spec'), keys: new Keys(engine, new Set()) };
}

/** What a step answered; superseded units come in no order. */
async function applyTo(parts: MergeParts, table: TableDefinition, step: Step): Promise<unknown> {
  if (step.kind === 'delete') {
    parts.keys.forget(table.name);
    return (await parts.engine.run(`DELETE FROM ${table.name} WHERE id = '${step.id}'`)).rowsChanged;
  }
  const rows = [...new Map(step.rows.map((row): [string, Row] => [JSON.stringify(table.key.map((name) => row[name as 'id'])), { ...row, revision: step.revision }])).values()];
  const { superseded, ...counts } = await mergeRows(parts, table, {
    table: table.name, rows,
    ...(step.scoped === null ? {} : { replaceScope: { partitions: step.scoped } }),
    ...(step.ordered ? { order: { column: 'revision', value: step.revision } } : {}),
    ...(step.insertsOnly ? { insertsOnly: true as const } : {}),
  });
  return { ...counts, superseded: superseded?.map(({ partition }) => partition).toSorted() };
}

const content = async ({ engine }: MergeParts, table: TableDefinition): Promise<readonly Row[]> => readRows(await engine.run(`SELECT * FROM ${table.name} ORDER BY id, on_date, body, revision`), 'spec');

it('merges tell and do the same whether the keys are known or the engine compares', async () => {
  const [known, comparing] = [await open(KnownKeys), await open(NeverKnown)];
  try {
    await fc.assert(fc.asyncProperty(fc.constantFrom(byDay, whole), fc.array(steps, { minLength: 2, maxLength: 8 }), async (table, sequence) => {
      for (const parts of [known, comparing]) {
        parts.keys.forget(table.name);
        await parts.engine.run(`DELETE FROM ${table.name}`);
      }
      for (const step of sequence) {
        expect(await applyTo(known, table, step)).toEqual(await applyTo(comparing, table, step));
        expect(await content(known, table)).toEqual(await content(comparing, table));
      }
    }), { numRuns: 120 });
  } finally {
    known.engine.close();
    comparing.engine.close();
  }
});

it('a table into which a row was written again is appended to as before, and one of another writer is not', async () => {
  const parts = await open(KnownKeys);
  const row = (id: string): Row => ({ id, on_date: '2026-01-24', body: '1', revision: 1 });
  const inserts = (id: string) => parts.keys.insertsAll(whole, { table: whole.name, rows: [row(id)] });
  try {
    for (const ids of [['a'], ['a', 'b']]) await mergeRows(parts, whole, { table: whole.name, rows: ids.map(row) });
    expect([await inserts('a'), await inserts('b'), await inserts('c')]).toEqual([false, false, true]);
    await mergeRows(parts, whole, { table: whole.name, rows: [row('a')], order: { column: 'revision', value: 1 } });
    expect(await inserts('c')).toBe(false);
  } finally {
    parts.engine.close();
  }
});

it('an insert into a table whose columns stand in another order puts each value into its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-order-'));
  const path = join(folder, 'warehouse.duckdb');
  await (await openDuckDbWarehouse({ path, tables: [{ ...notes, columns: notes.columns.toReversed() }], clock })).close();
  const warehouse = await openDuckDbWarehouse({ path, tables: [notes], clock });
  try {
    await warehouse.merge({ table: notes.name, rows: [{ id: 'a', on_date: '2026-01-24', body: 'b' }] });
    expect(await warehouse.query({ name: 'spec/all', text: `SELECT t.id, t.on_date, t.body FROM \`${notes.name}\` AS t` })).toEqual([{ id: 'a', on_date: '2026-01-24', body: 'b' }]);
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true });
  }
});

it('an insert of many rows is whole or not at all', async () => {
  const warehouse = await openDuckDbWarehouse({ path: ':memory:', tables: [notes], clock });
  try {
    const rows = Array.from({ length: 2_000 }, (_, index): Row => ({ id: `n${index}`, on_date: '2026-01-24', body: index === 1_999 ? 5 : 'x' }));
    await expect(warehouse.merge({ table: notes.name, rows })).rejects.toMatchObject({ code: 'warehouse-schema-mismatch' });
    expect(await warehouse.query({ name: 'spec/count', text: `SELECT COUNT(*) AS rows_there FROM \`${notes.name}\` AS t` })).toEqual([{ rows_there: 0 }]);
    expect(await warehouse.merge({ table: notes.name, rows: rows.slice(0, 1_999) })).toEqual({ inserted: 1_999, updated: 0, deleted: 0, unchanged: 0 });
    expect(await warehouse.merge({ table: notes.name, rows: rows.slice(0, 10) })).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 10 });
  } finally {
    await warehouse.close();
  }
});
