import { hours, milliseconds, seconds, type TableDefinition } from '@handoff/contracts';
import { ManualClock, silentLog } from '@handoff/testing';
import { BigQueryWarehouse, createBigQueryClient } from '@handoff/warehouse-bigquery';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureAnswer, startBigQueryLocal, type BigQueryLocal } from './index.ts';

const notes: TableDefinition = {
  name: 'held.notes', description: '', row: z.object({}), key: ['id'], business: ['id', 'body'], partition: 'on_date', cluster: [], partitionFilterRequired: false,
  columns: [{ name: 'id', type: 'STRING', mode: 'REQUIRED' }, { name: 'on_date', type: 'DATE', mode: 'REQUIRED' }, { name: 'body', type: 'STRING', mode: 'NULLABLE' }],
};
/** As the code believes the table to be: with a column that it has not got yet. */
const grown: TableDefinition = { ...notes, columns: [...notes.columns, { name: 'author', type: 'STRING', mode: 'NULLABLE' }] };

const note = (id: string, body: string) => ({ id, on_date: '2026-01-24', body });
const clock = new ManualClock();
const waits: number[] = [];
/** How much later it is after each wait. */
let waitTakes = milliseconds(0);
let server: BigQueryLocal;
let warehouse: BigQueryWarehouse;

const connect = (tables: readonly TableDefinition[], endpoint = server.url): BigQueryWarehouse => new BigQueryWarehouse({
  client: createBigQueryClient({ project: 'faulty', location: 'US', endpoint }), tables, clock, log: silentLog, inlineRowsMax: 2,
  attempts: { attemptsMax: 4, firstWaitMs: milliseconds(100), wait: async (span) => { waits.push(span); clock.advance(waitTakes); }, random: () => 0 },
});

beforeAll(async () => {
  server = await startBigQueryLocal({ project: 'faulty', tables: [notes], clock });
});
afterAll(() => server.close());
beforeEach(() => {
  warehouse = connect([notes]);
  waits.length = 0;
  waitTakes = milliseconds(0);
});

const ask = () => warehouse.query({ name: 'ask', text: 'SELECT COUNT(*) AS n FROM `held.notes`' });

describe('an answer with an error', () => {
  it.each([
    [403, 'accessDenied', 'warehouse-permission-denied', 'defer', 1],
    [403, 'quotaExceeded', 'warehouse-quota-exceeded', 'defer', 1],
    [403, 'rateLimitExceeded', 'warehouse-unavailable', 'retry', 4],
    [404, 'notFound', 'warehouse-table-missing', 'defer', 1],
    [400, 'resourcesExceeded', 'warehouse-statement-refused', 'reject', 1],
    [429, 'rateLimitExceeded', 'warehouse-unavailable', 'retry', 4],
    [500, 'internalError', 'warehouse-unavailable', 'retry', 4],
    [503, 'backendError', 'warehouse-unavailable', 'retry', 4],
    [502, 'aProxySaysThis', 'warehouse-unavailable', 'retry', 4],
    [401, 'aProxySaysThis', 'warehouse-permission-denied', 'defer', 1],
  ])('%i %s is %s (%s), sent %i times', async (status, reason, code, disposition, sent) => {
    const before = server.requests();
    server.faults.add({ method: 'POST', path: /\/queries$/, times: sent, answer: failureAnswer(status, reason, 'as the test says') });
    await expect(ask()).rejects.toMatchObject({ name: 'PipelineError', code, disposition, facts: { httpStatus: status, reason } });
    expect(server.requests() - before).toBe(sent);
    expect(waits).toEqual([100, 200, 400].slice(0, sent - 1));
    expect(await ask()).toHaveLength(1);
  });

  it('that goes away is not seen by the caller', async () => {
    server.faults.add({ method: 'POST', path: /\/queries$/, times: 3, answer: failureAnswer(503, 'backendError', 'later') });
    expect(await ask()).toHaveLength(1);
  });
});

describe('a statement that changes rows', () => {
  it('runs once when the answer to its request is lost and it is sent again', async () => {
    server.faults.add({ method: 'GET', path: /\/queries\//, times: 2, answer: failureAnswer(503, 'backendError', 'later') });
    expect(await warehouse.merge({ table: notes.name, rows: [note('a', '1')] })).toMatchObject({ inserted: 1 });
    server.faults.add({ method: 'POST', path: /\/jobs$/, isDone: true, answer: failureAnswer(503, 'backendError', 'lost') });
    const insert = "INSERT INTO `held.notes` (id, on_date) SELECT 'once', on_date FROM `held.notes` WHERE id = 'a'";
    expect(await warehouse.execute({ name: 'insert', text: insert })).toEqual({ affectedRows: 1 });
    expect(await warehouse.query({ name: 'count', text: "SELECT COUNT(*) AS n FROM `held.notes` WHERE id = 'once'" })).toEqual([{ n: 1 }]);
  });

  it('leaves no staging table behind, whether it succeeds or fails', async () => {
    const rows = ['a', 'b', 'c'].map((id) => note(id, 'staged'));
    expect(await warehouse.merge({ table: notes.name, rows })).toMatchObject({ inserted: 2, updated: 1 });
    server.faults.add({ method: 'POST', path: /^\/bigquery\/v2\/projects\/faulty\/jobs$/, answer: failureAnswer(403, 'accessDenied', 'no') });
    await expect(warehouse.merge({ table: notes.name, rows })).rejects.toMatchObject({ code: 'warehouse-permission-denied' });
    const [tables] = await createBigQueryClient({ project: 'faulty', location: 'US', endpoint: server.url }).dataset('held').getTables();
    expect(tables.map(({ id }) => id)).toEqual(['notes']);
  });

  it('succeeds although its staging table cannot be deleted, which expires by itself in an hour', async () => {
    server.faults.add({ method: 'DELETE', path: /staged_notes/, times: 4, answer: failureAnswer(503, 'backendError', 'no') });
    expect(await warehouse.merge({ table: notes.name, rows: ['a', 'b', 'c'].map((id) => note(id, 'kept')) })).toMatchObject({ updated: 3 });
    const dataset = createBigQueryClient({ project: 'faulty', location: 'US', endpoint: server.url }).dataset('held');
    expect((await dataset.getTables())[0]).toHaveLength(2);
    clock.advance(hours(1));
    expect((await dataset.getTables())[0]).toHaveLength(1);
  });

  it('fills a staging table of its own each time, so that no table nears the load jobs that it takes in a day', async () => {
    server.faults.add({ method: 'DELETE', path: /staged_notes/, times: 12, answer: failureAnswer(503, 'backendError', 'no') });
    for (const body of ['first', 'second', 'third']) await warehouse.merge({ table: notes.name, rows: ['a', 'b', 'c'].map((id) => note(id, body)) });
    const [tables] = await createBigQueryClient({ project: 'faulty', location: 'US', endpoint: server.url }).dataset('held').getTables();
    expect(tables.filter(({ id }) => id?.startsWith('staged_notes_') === true)).toHaveLength(warehouse.counters().loadJobs);
    clock.advance(hours(1));
  });

  it('does not stop the next one when it fails', async () => {
    server.faults.add({ method: 'POST', path: /\/jobs$/, answer: failureAnswer(403, 'accessDenied', 'no') });
    const [failed, done] = await Promise.allSettled([warehouse.merge({ table: notes.name, rows: [note('x', '1')] }), warehouse.merge({ table: notes.name, rows: [note('y', '1')] })]);
    expect([failed.status, done.status]).toEqual(['rejected', 'fulfilled']);
  });
});

describe('a change that loses against one of another process', () => {
  it.each([1, 3])('%i times is made again as a job of its own, once in the end', async (times) => {
    server.writeConflicts.add(notes.name, times);
    expect(await warehouse.merge({ table: notes.name, rows: [note(`raced-${times}`, '1')] })).toMatchObject({ inserted: 1, updated: 0 });
    expect(waits).toEqual([100, 200, 400].slice(0, times));
    expect(await warehouse.query({ name: 'count', text: `SELECT COUNT(*) AS n FROM \`held.notes\` WHERE id = 'raced-${times}'` })).toEqual([{ n: 1 }]);
  });

  it('with rows in a staging table is made again from the same table', async () => {
    server.writeConflicts.add(notes.name, 2);
    expect(await warehouse.merge({ table: notes.name, rows: ['r1', 'r2', 'r3'].map((id) => note(id, 'staged')) })).toMatchObject({ inserted: 3 });
  });

  it('every time is to be sent again: it is no wrong statement', async () => {
    server.writeConflicts.add(notes.name, 4);
    await expect(warehouse.execute({ name: 'raced', text: "UPDATE `held.notes` SET body = '2' WHERE id = 'b'" })).rejects.toMatchObject({ code: 'warehouse-write-conflict', disposition: 'retry', facts: { reason: 'invalidQuery' } });
    expect(waits).toEqual([100, 200, 400]);
    expect(await warehouse.execute({ name: 'raced', text: "UPDATE `held.notes` SET body = '2' WHERE id = 'b'" })).toMatchObject({ affectedRows: expect.any(Number) as number });
  });
});

describe('a change that loses again and again', () => {
  it('is not begun any more when the time of a change is over: another worker may have its lease by then', async () => {
    server.writeConflicts.add(notes.name, 2);
    waitTakes = seconds(23);
    await expect(warehouse.merge({ table: notes.name, rows: [note('slow', '1')] })).resolves.toMatchObject({ inserted: 1 });
    server.writeConflicts.add(notes.name, 2);
    waitTakes = seconds(46);
    await expect(warehouse.merge({ table: notes.name, rows: [note('slower', '1')] })).rejects.toMatchObject({ code: 'warehouse-write-conflict' });
    expect(waits).toHaveLength(3);
  });
});

describe('a table that is behind the code', () => {
  it('is told from a wrong statement by its columns, and the work waits', async () => {
    const ahead = connect([grown]);
    const mismatch = { code: 'warehouse-schema-mismatch', disposition: 'defer', facts: { columns: ['author'] } };
    await expect(ahead.query({ name: 'authors', text: 'SELECT author FROM `held.notes`' })).rejects.toMatchObject(mismatch);
    await expect(ahead.merge({ table: grown.name, rows: [{ ...note('a', '1'), author: 'ann' }] })).rejects.toMatchObject(mismatch);
    await expect(ahead.query({ name: 'wrong', text: "SELECT CAST(body AS INT64) AS n FROM `held.notes` WHERE id = 'a'" })).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
  });
});

it('a server that is not there is unavailable', async () => {
  const gone = await startBigQueryLocal({ project: 'faulty', tables: [notes], clock });
  await gone.close();
  await expect(connect([notes], gone.url).query({ name: 'ask', text: 'SELECT 1 AS one' })).rejects.toMatchObject({ code: 'warehouse-unavailable', disposition: 'retry' });
  expect(waits).toHaveLength(3);
});
