import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tables } from '@handoff/catalogue';
import { after, hours, minutes, parseInstant, PipelineError, seconds, type ErrorCode, type Row } from '@handoff/contracts';
import { IncidentNotifier } from '@handoff/notifier-state';
import { guarded, type Log, type MergeRequest, type Warehouse } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock, silentLog } from '@handoff/testing';
import { openDuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lateLogRows, loadLateLogRows, lostRef, writeLateLogRows, writeLogRows, type LostRowsDocument } from './index.ts';

const table = 'nba_orchestration.scraper_execution_log';
const clock = new ManualClock(parseInstant('2026-01-24T12:00:00Z'));
async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-log-rows-'));
  const environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), tables, clock });
  const state = new EmbeddedStateStore(environment);
  const notifier = new IncidentNotifier({ state });
  const close = async (): Promise<void> => {
    await warehouse.close();
    await environment.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ports: { warehouse, state, notifier, clock }, notifier, close };
}
let system: Awaited<ReturnType<typeof open>>;
beforeEach(async () => { system = await open(); });
afterEach(() => system.close());

const row = (id: string, over: Row = {}): Row => ({
  execution_id: id, scraper_name: 'bdl_injuries', workflow: 'injury_discovery', game_date: '2026-01-24', status: 'success', triggered_at: clock.now(), completed_at: clock.now(), duration_seconds: 1,
  source: 'balldontlie', object_paths: [], record_count: 1, data_summary: {}, error_code: null, error_message: null, ...over,
});
const refusing = (code: ErrorCode, concerns: (request: MergeRequest) => boolean = () => true): Warehouse => guarded(system.ports.warehouse, ['merge'], (_, [request]) => {
  if (concerns(request as MergeRequest)) throw new PipelineError({ code, disposition: code === 'warehouse-unavailable' ? 'retry' : 'defer', message: 'refused' });
});
const write = (rows: readonly Row[], warehouse: Warehouse = system.ports.warehouse) => writeLogRows({ ...system.ports, warehouse }, silentLog, { table, rows });
const sweep = (warehouse: Warehouse = system.ports.warehouse, limit = 500) => writeLateLogRows({ ...system.ports, warehouse }, silentLog, limit);
const statuses = async () => Object.fromEntries((await system.ports.warehouse.query<{ execution_id: string; status: string }>({ name: 'spec/log', text: `SELECT runs.execution_id, runs.status FROM \`${table}\` AS runs` })).map((one) => [one.execution_id, one.status]));
const waiting = async () => (await system.ports.state.query({ collection: lateLogRows })).length;
const lost = async () => (await system.ports.state.get<LostRowsDocument>(lostRef(table)))?.value.count ?? 0;
const incidents = async () => (await system.notifier.incidents()).map(({ cause, subject, resolvedAt, facts }) => ({ cause, subject, isOpen: resolvedAt === null, facts }));

it('a row that the warehouse takes is written, and leaves nothing behind', async () => {
  expect(await write([row('a')])).toBe('written');
  expect(await statuses()).toEqual({ a: 'success' });
  expect(await waiting()).toBe(0);
  expect(await sweep()).toEqual({ written: 0, lost: 0 });
});

describe('a row that the warehouse refuses', () => {
  it.each<ErrorCode>(['warehouse-quota-exceeded', 'warehouse-unavailable', 'warehouse-permission-denied', 'warehouse-table-missing'])('on account of %s stops nothing: it is told, kept, and written by the next sweep', async (code) => {
    const warned: unknown[] = [];
    const log: Log = { ...silentLog, warn: (fields) => { warned.push(fields); } };
    expect(await writeLogRows({ ...system.ports, warehouse: refusing(code) }, log, { table, rows: [row('a')] })).toBe('kept');
    expect(warned).toMatchObject([{ code, table, rows: 1 }]);
    expect(await loadLateLogRows(system.ports.state, table)).toEqual([row('a')]);
    expect(await sweep(refusing(code))).toEqual({ written: 0, lost: 0 });
    expect(await sweep()).toEqual({ written: 1, lost: 0 });
    expect(await statuses()).toEqual({ a: 'success' });
    expect(await waiting()).toBe(0);
  });

  it('is thrown where the work itself was lost to another, and where it is a bug', async () => {
    await expect(write([row('a')], guarded(system.ports.warehouse, ['merge'], () => { throw new PipelineError({ code: 'claim-lost', disposition: 'retry', message: 'lost' }); }))).rejects.toMatchObject({ code: 'claim-lost' });
    await expect(write([row('a')], guarded(system.ports.warehouse, ['merge'], () => { throw new TypeError('a bug'); }))).rejects.toThrow('a bug');
    expect(await waiting()).toBe(0);
  });

  it('gives way to a newer one of its key, whether that is late too or not', async () => {
    await write([row('a', { status: 'failed' }), row('b', { status: 'failed' })], refusing('warehouse-unavailable'));
    await write([row('a')], refusing('warehouse-unavailable'));
    await write([row('b')]);
    expect(await waiting()).toBe(1);
    await sweep();
    expect(await statuses()).toEqual({ a: 'success', b: 'success' });
  });

  it('that is replaced while a sweep writes it is written again by the next', async () => {
    await write([row('a', { status: 'failed' })], refusing('warehouse-unavailable'));
    const slow = guarded(system.ports.warehouse, ['merge'], async () => { await write([row('a')], refusing('warehouse-unavailable')); });
    await sweep(slow);
    expect([await statuses(), await waiting()]).toEqual([{ a: 'failed' }, 1]);
    await sweep();
    expect([await statuses(), await waiting()]).toEqual([{ a: 'success' }, 0]);
  });

  it('for what it is in itself is parted from the others', async () => {
    await write(['a', 'b', 'c', 'd', 'e'].map((id) => row(id, id === 'd' ? { no_such_column: 1 } : {})), refusing('warehouse-unavailable'));
    expect(await sweep()).toEqual({ written: 4, lost: 0 });
    expect(Object.keys(await statuses()).sort()).toEqual(['a', 'b', 'c', 'e']);
    expect(await waiting()).toBe(1);
  });

  it('for a day is counted, given up and told of; the incident ends when the table takes rows again', async () => {
    await write([row('a'), row('b')], refusing('warehouse-quota-exceeded'));
    clock.advance(hours(12));
    await write([row('c')], refusing('warehouse-quota-exceeded'));
    clock.advance(hours(12));
    expect(await sweep(refusing('warehouse-quota-exceeded'))).toEqual({ written: 0, lost: 2 });
    expect([await lost(), await waiting()]).toEqual([2, 1]);
    expect(await incidents()).toEqual(expect.arrayContaining([expect.objectContaining({ cause: 'platform-fault', subject: `warehouse ${table}`, isOpen: true }), expect.objectContaining({ cause: 'log-rows-lost', subject: table, isOpen: true, facts: expect.objectContaining({ rows: 2, code: 'warehouse-quota-exceeded' }) as object })]));
    expect(await sweep()).toEqual({ written: 1, lost: 0 });
    expect(await incidents()).toMatchObject([{ isOpen: false }, { isOpen: false }]);
  });

  it('for a day and a bit is still written when the table takes it then', async () => {
    await write([row('a')], refusing('warehouse-quota-exceeded'));
    clock.advance(hours(30));
    expect(await sweep()).toEqual({ written: 1, lost: 0 });
    expect(await lost()).toBe(0);
  });
});

it('5,000 rows in a minute with a limit of 1,500 writes: no caller fails, no row is lost, and the rest takes a MERGE per sweep', async () => {
  const start = clock.now();
  const stored = new Map<unknown, Row>();
  let merges = 0;
  let writesMax = 1_500;
  /** A warehouse in memory: 5,000 statements of a real one would take a minute. */
  const counting: Warehouse = { query: () => Promise.resolve([]), execute: () => Promise.resolve({ affectedRows: 0 }), streamedRows: () => Promise.resolve(undefined), counters: () => system.ports.warehouse.counters(), merge: ({ rows }) => {
    if (merges >= writesMax) return Promise.reject(new PipelineError({ code: 'warehouse-quota-exceeded', disposition: 'defer', message: 'used up' }));
    merges += 1;
    for (const one of rows) stored.set(one['execution_id'], one);
    return Promise.resolve({ inserted: rows.length, updated: 0, deleted: 0, unchanged: 0 });
  } };
  const outcomes: string[] = [];
  for (let event = 0; event < 5_000; event += 1) {
    if (event % 84 === 0) clock.advance(seconds(1));
    outcomes.push(await write([row(`run-${event}`)], counting));
  }
  expect(clock.now()).toBe(after(start, minutes(1)));
  expect([outcomes.filter((outcome) => outcome === 'written').length, outcomes.filter((outcome) => outcome === 'kept').length]).toEqual([1_500, 3_500]);
  expect([stored.size, await waiting()]).toEqual([1_500, 3_500]);
  expect(await sweep(counting)).toEqual({ written: 0, lost: 0 });
  writesMax = Number.POSITIVE_INFINITY;
  for (let minute = 0; minute < 7; minute += 1) expect(await sweep(counting)).toEqual({ written: 500, lost: 0 });
  expect([stored.size, await waiting(), await lost(), merges]).toEqual([5_000, 0, 0, 1_507]);
  expect(await incidents()).toMatchObject([{ cause: 'platform-fault', subject: `warehouse ${table}`, isOpen: false }]);
});
