import { epochMs, type Row } from '@handoff/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDuckDbWarehouse, type DuckDbWarehouse } from './duckdb-warehouse.ts';
import { notes } from './notes-table.ts';

const clock = { now: () => epochMs(1_769_256_000_000) };
const bodies = { name: 'spec/bodies', text: `SELECT t.body FROM \`${notes.name}\` AS t WHERE t.on_date = @day ORDER BY t.body` };
const counted = { name: 'spec/counted', text: 'SELECT c.notes FROM `held.counted` AS c' };
const view = { name: 'held.counted', description: 'For this spec.', text: `SELECT COUNT(*) AS notes FROM \`${notes.name}\` AS t`, columns: [{ name: 'notes', type: 'INT64', mode: 'NULLABLE' }] } as const;
const other = { ...notes, name: 'held.others' };

let warehouse: DuckDbWarehouse;
beforeEach(async () => { warehouse = await openDuckDbWarehouse({ path: ':memory:', tables: [notes, other], views: [view], clock }); });
afterEach(() => warehouse.close());

const note = (id: string, body: string): Row => ({ id, on_date: '2026-01-24', body });
const read = (day = '2026-01-24'): Promise<readonly Row[]> => warehouse.query(bodies, { day: { type: 'DATE', value: day } });

it('a query that is asked again is not run again until something writes what it reads', async () => {
  await warehouse.merge({ table: notes.name, rows: [note('a', '1')] });
  const first = await read();
  expect(await read()).toBe(first);
  await warehouse.merge({ table: other.name, rows: [note('a', '1')] });
  expect(await read()).toBe(first);
  expect(await read('2026-01-25')).toEqual([]);
  expect(warehouse.counters().statements).toBe(6);
});

it.each([
  ['an insert', () => warehouse.merge({ table: notes.name, rows: [note('b', '2')] }), [{ body: '1' }, { body: '2' }]],
  ['an update', () => warehouse.merge({ table: notes.name, rows: [note('a', '3')] }), [{ body: '3' }]],
  ['a deletion', () => warehouse.merge({ table: notes.name, rows: [], replaceScope: { partitions: ['2026-01-24'] } }), []],
  ['a statement', () => warehouse.execute({ name: 'spec/update', text: `UPDATE \`${notes.name}\` AS t SET body = '4' WHERE t.id = 'a'` }), [{ body: '4' }]],
  ['another writer', () => warehouse.streamInsert(notes.name, [note('c', '5')]), [{ body: '1' }, { body: '5' }]],
])('%s is seen by the next query, through a view too', async (_, write, expected) => {
  await warehouse.merge({ table: notes.name, rows: [note('a', '1')] });
  expect([await read(), await warehouse.query(counted)]).toEqual([[{ body: '1' }], [{ notes: 1 }]]);
  await write();
  expect([await read(), await warehouse.query(counted)]).toEqual([expected, [{ notes: expected.length }]]);
});

it('nobody can change an answer that others have', async () => {
  await warehouse.merge({ table: notes.name, rows: [note('a', '1')] });
  const [row] = await read();
  expect(() => { (row as Record<string, unknown>)['body'] = 'changed'; }).toThrow(TypeError);
});
