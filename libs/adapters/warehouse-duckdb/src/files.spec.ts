import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, minutes, type TableDefinition } from '@handoff/contracts';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckDbWarehouse, type DuckDbWarehouse } from './index.ts';
import { notes } from './notes-table.ts';

let folder: string;
const opened: DuckDbWarehouse[] = [];
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-warehouse-files-')); });
afterEach(async () => {
  for (const warehouse of opened.splice(0)) await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'warehouse.duckdb');
const clock = new ManualClock();
const note = (id: string, body: string) => ({ id, on_date: '2026-01-24', body });

async function open(tables: readonly TableDefinition[] = [notes], leavesLog = false): Promise<DuckDbWarehouse> {
  const warehouse = await openDuckDbWarehouse({ path: path(), tables, clock, leavesLog });
  opened.push(warehouse);
  return warehouse;
}

const all = (warehouse: DuckDbWarehouse) => warehouse.query({ name: 'all', text: 'SELECT id, body FROM `held.notes` ORDER BY id' });

describe('the warehouse file', () => {
  it('is held against another process, and keeps what a killed one had acknowledged', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('held-warehouse.ts', import.meta.url)), path()], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      await expect(open()).rejects.toMatchObject({ code: 'warehouse-in-use', disposition: 'retry' });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const warehouse = await open();
    expect(await all(warehouse)).toEqual([{ id: 'a', body: 'kept' }, { id: 'b', body: 'streamed' }]);
    await expect(warehouse.merge({ table: notes.name, rows: [note('b', 'changed')] })).rejects.toMatchObject({ code: 'warehouse-streaming-buffer' });
  });

  it('is opened once in a process, and again after it was closed', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'warehouse-in-use' });
    await first.merge({ table: notes.name, rows: [note('a', 'x')] });
    await first.close();
    await expect(first.query({ name: 'late', text: 'SELECT 1 AS one' })).rejects.toMatchObject({ code: 'warehouse-unavailable', disposition: 'retry' });
    expect(await all(await open())).toEqual([{ id: 'a', body: 'x' }]);
  });

  it('is refused when it is no database', async () => {
    writeFileSync(path(), 'this is no database'.repeat(1_000));
    await expect(open()).rejects.toMatchObject({ code: 'warehouse-corrupt', disposition: 'defer' });
  });

  it('is refused, by table and column, when a table has other columns than its definition, and can be opened with the right ones after', async () => {
    await (await open()).close();
    const changed: TableDefinition = { ...notes, columns: [...notes.columns, { name: 'author', type: 'STRING', mode: 'NULLABLE' }] };
    await expect(open([changed])).rejects.toMatchObject({ code: 'warehouse-schema-mismatch', disposition: 'defer', facts: { table: 'held.notes', column: 'author' } });
    const retyped: TableDefinition = { ...notes, columns: notes.columns.map((column) => (column.name === 'body' ? { ...column, mode: 'REQUIRED' } : column)) };
    await expect(open([retyped])).rejects.toMatchObject({ facts: { column: 'body' } });
    expect(await all(await open())).toEqual([]);
  });

  it('holds the same after a checkpoint', async () => {
    const warehouse = await open();
    await warehouse.merge({ table: notes.name, rows: [note('a', 'x')] });
    await warehouse.checkpoint();
    expect(await all(warehouse)).toEqual([{ id: 'a', body: 'x' }]);
  });
});

describe.each([[true, 'left beside'], [false, 'put into']])('a log that may be left: %s', (leavesLog, words) => {
  it(`is ${words} the file that is closed, which holds the same when it is opened again, and is left once more or not`, async () => {
    const warehouse = await open([notes], leavesLog);
    await warehouse.merge({ table: notes.name, rows: [note('a', 'merged')] });
    await warehouse.streamInsert(notes.name, [note('b', 'streamed')]);
    await warehouse.close();
    expect(existsSync(`${path()}.wal`)).toBe(leavesLog);
    const again = await open();
    expect(await all(again)).toEqual([{ id: 'a', body: 'merged' }, { id: 'b', body: 'streamed' }]);
    await again.close();
    expect(existsSync(`${path()}.wal`)).toBe(false);
  });
});

describe('calls at the same time', () => {
  it('run one after the other: a write between two others is seen by the second, and a refused one stops neither', async () => {
    const warehouse = await open();
    const results = await Promise.allSettled([
      warehouse.merge({ table: notes.name, rows: [note('a', '1')] }),
      warehouse.streamInsert(notes.name, [note('b', '2')]),
      warehouse.merge({ table: notes.name, rows: [note('b', '3')] }),
      warehouse.merge({ table: notes.name, rows: [note('a', '4')] }),
      all(warehouse),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(results[4]).toMatchObject({ value: [{ id: 'a', body: '4' }, { id: 'b', body: '2' }] });
  });
});

describe('the streaming buffer', () => {
  it('holds a row as long as the youngest row with its key', async () => {
    const warehouse = await open();
    await warehouse.streamInsert(notes.name, [note('a', '1')]);
    clock.advance(minutes(20));
    await warehouse.streamInsert(notes.name, [note('a', '2')]);
    clock.advance(minutes(29));
    const remove = { name: 'remove', text: "DELETE FROM `held.notes` WHERE id = 'a'" };
    await expect(warehouse.execute(remove)).rejects.toMatchObject({ code: 'warehouse-streaming-buffer', until: after(clock.now(), minutes(1)) });
    clock.advance(minutes(1));
    expect(await warehouse.execute(remove)).toEqual({ affectedRows: 2 });
  });

  it('names the project that it was opened with', async () => {
    const warehouse = await openDuckDbWarehouse({ path: ':memory:', tables: [notes], clock, project: 'my-project' });
    opened.push(warehouse);
    await warehouse.streamInsert(notes.name, [note('a', '1')]);
    await expect(warehouse.merge({ table: notes.name, rows: [note('a', '2')] })).rejects.toThrow('over table my-project.held.notes would affect');
  });

  it('stores all rows of a call or none', async () => {
    const warehouse = await open();
    await expect(warehouse.streamInsert(notes.name, [note('a', '1'), { id: 'b', on_date: 'never' }])).rejects.toMatchObject({ code: 'warehouse-schema-mismatch' });
    expect(await all(warehouse)).toEqual([]);
    await expect(warehouse.merge({ table: notes.name, rows: [note('a', '2')] })).resolves.toMatchObject({ inserted: 1 });
  });
});
