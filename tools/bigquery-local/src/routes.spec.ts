import type { BigQuery } from '@google-cloud/bigquery';
import { tables, views } from '@handoff/catalogue';
import { minutes } from '@handoff/contracts';
import type { ObjectStore } from '@handoff/ports';
import { ManualClock } from '@handoff/testing';
import { createBigQueryClient } from '@handoff/warehouse-bigquery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBigQueryLocal, type BigQueryLocal } from './index.ts';

const clock = new ManualClock();
const bucket: ObjectStore = {
  list: async () => [{ path: 'rows/1.json', sizeBytes: 0 }, { path: 'rows/2.json', sizeBytes: 0 }],
  get: async (path) => new TextEncoder().encode(`{"id":"from ${path}","at":"2026-01-24 10:00:00 UTC"}\n`),
  put: async () => undefined,
  delete: async () => undefined,
};
let server: BigQueryLocal;
let client: BigQuery;

beforeAll(async () => {
  server = await startBigQueryLocal({ project: 'local', tables, views, clock, objects: () => bucket });
  client = createBigQueryClient({ project: 'local', location: 'US', endpoint: server.url });
});
afterAll(() => server.close());

const schema = { fields: [{ name: 'id', type: 'STRING', mode: 'REQUIRED' }, { name: 'at', type: 'TIMESTAMP' }, { name: 'tags', type: 'STRING', mode: 'REPEATED' }] };
const ask = async (method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await fetch(`${server.url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
};

describe('the routes of datasets and tables', () => {
  it('have every table and view of the catalogue', async () => {
    const [datasets] = await client.getDatasets();
    const found = await Promise.all(datasets.map(async (dataset) => (await dataset.getTables())[0].map((table) => `${dataset.id ?? ''}.${table.id ?? ''}`)));
    expect(found.flat().sort()).toEqual([...tables, ...views].map(({ name }) => name).sort());
    expect((await client.dataset('nba_raw').table('nbac_schedule').getMetadata())[0]).toMatchObject({
      kind: 'bigquery#table', type: 'TABLE', requirePartitionFilter: true, timePartitioning: { type: 'DAY', field: 'game_date' }, clustering: { fields: ['home_team_tricode', 'away_team_tricode'] },
      schema: { fields: expect.arrayContaining([{ name: 'season_year', type: 'INTEGER', mode: 'REQUIRED' }]) as unknown },
    });
    expect((await client.dataset('nba_raw').table('v_game_id_mappings').getMetadata())[0]).toMatchObject({ type: 'VIEW' });
  });

  it('make, describe, change and delete a table', async () => {
    const [dataset] = await client.createDataset('made');
    expect(await dataset.exists()).toEqual([true]);
    const [table] = await dataset.createTable('rows', { schema, tableConstraints: { primaryKey: { columns: ['id'] } } });
    await expect(dataset.createTable('rows', { schema })).rejects.toMatchObject({ code: 409, errors: [{ reason: 'duplicate' }] });
    await table.setMetadata({ description: 'changed' });
    expect((await table.getMetadata())[0]).toMatchObject({ description: 'changed', numRows: '0', tableReference: { projectId: 'local', datasetId: 'made', tableId: 'rows' } });
    await table.delete();
    expect(await table.exists()).toEqual([false]);
    await expect(client.dataset('nowhere').createTable('rows', { schema })).rejects.toMatchObject({ code: 404, errors: [{ reason: 'notFound' }] });
  });

  it('forget a table whose time is over', async () => {
    const [table] = await client.dataset('nba_raw').createTable('brief', { schema, expirationTime: String(clock.now() + minutes(60)) });
    expect(await table.exists()).toEqual([true]);
    clock.advance(minutes(60));
    expect(await table.exists()).toEqual([false]);
  });
});

describe('the routes of jobs', () => {
  it('answer a query on both path prefixes, with the shape of jobs.query', async () => {
    const request = { query: 'SELECT 1 AS one, NULL AS nothing, @d AS day', useLegacySql: false, parameterMode: 'NAMED', queryParameters: [{ name: 'd', parameterType: { type: 'DATE' }, parameterValue: { value: '2026-01-24' } }] };
    for (const prefix of ['/bigquery/v2', '']) {
      expect(await ask('POST', `${prefix}/projects/local/queries`, request)).toMatchObject({
        status: 200,
        json: {
          kind: 'bigquery#queryResponse', jobComplete: true, totalRows: '1', jobReference: { projectId: 'local', location: 'US' },
          schema: { fields: [{ name: 'one', type: 'INTEGER', mode: 'NULLABLE' }, { name: 'nothing', type: 'INTEGER' }, { name: 'day', type: 'DATE' }] }, rows: [{ f: [{ v: '1' }, { v: null }, { v: '2026-01-24' }] }],
        },
      });
    }
  });

  it('run a request with an id that was sent before only once', async () => {
    const request = { query: "INSERT INTO `nba_orchestration.workflow_decisions` (decision_id) SELECT 'x'", useLegacySql: false, requestId: 'again' };
    const first = await ask('POST', '/projects/local/queries', request);
    expect(await ask('POST', '/projects/local/queries', request)).toEqual(first);
  });

  it('run a job, page its results and keep its statistics', async () => {
    const [job] = await client.createQueryJob({ query: "SELECT x FROM UNNEST(@xs) AS x ORDER BY x", params: { xs: ['c', 'a', 'b'] }, types: { xs: ['STRING'] }, jobId: 'paged' });
    expect(job.metadata).toMatchObject({ status: { state: 'RUNNING' } });
    const [first, next] = await job.getQueryResults({ autoPaginate: false, maxResults: 2 });
    expect([first, (next as { pageToken?: string } | null)?.pageToken]).toEqual([[{ x: 'a' }, { x: 'b' }], '2']);
    expect((await job.getQueryResults())[0]).toHaveLength(3);
    expect((await job.getMetadata())[0]).toMatchObject({ kind: 'bigquery#job', status: { state: 'DONE' }, statistics: { query: { statementType: 'SELECT' } } });
    await expect(client.createQueryJob({ query: 'SELECT 1 AS one', jobId: 'paged' })).rejects.toMatchObject({ code: 409, errors: [{ reason: 'duplicate' }] });
  });

  it('check a statement without running it', async () => {
    const [job] = await client.createQueryJob({ query: "DELETE FROM `nba_raw.nbac_schedule` WHERE game_date = '2026-01-24'", dryRun: true });
    expect(job.metadata).toMatchObject({ statistics: { query: { statementType: 'DELETE' } } });
    await expect(client.createQueryJob({ query: 'SELECT game_id FROM `nba_raw.nbac_schedule`', dryRun: true })).rejects.toMatchObject({ code: 400, errors: [{ reason: 'invalidQuery' }] });
  });

  it('tell of a job that failed when its results are asked for', async () => {
    const [job] = await client.createQueryJob({ query: "SELECT CAST('x' AS INT64) AS n" });
    await expect(job.getQueryResults()).rejects.toMatchObject({ code: 400, errors: [{ reason: 'invalidQuery' }] });
    expect((await job.getMetadata())[0]).toMatchObject({ status: { state: 'DONE', errorResult: { reason: 'invalidQuery' } } });
  });

  it.each([
    ['SELECT 1 AS one FROM `nba_raw.nothing`', 404, 'notFound'],
    ['SELECT FORMAT("%d", 1) AS f', 400, 'invalidQuery'],
    ['DROP TABLE `nba_raw.nbac_schedule`', 400, 'invalidQuery'],
    ['SELECT game_id FROM `nba_raw.nbac_schedule`', 400, 'invalidQuery'],
  ])('refuse %s: %i %s', async (query, code, reason) => {
    await expect(client.query(query)).rejects.toMatchObject({ code, errors: [{ reason }] });
  });

  it('load lines from the request, replacing, and from objects, adding', async () => {
    const [table] = await client.dataset('nba_raw').createTable('loaded', { schema });
    const upload = table.createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_TRUNCATE' });
    await new Promise((resolve, reject) => { upload.on('complete', resolve).on('error', reject).end('{"id":"a","at":"2026-01-24T10:00:00Z","tags":["x"]}\n{"id":"b","at":null}\n'); });
    const [job] = await client.createJob({
      configuration: { load: { destinationTable: { projectId: 'local', datasetId: 'nba_raw', tableId: 'loaded' }, sourceFormat: 'NEWLINE_DELIMITED_JSON', sourceUris: ['gs://any/rows/*'] } },
    });
    expect((await job.getMetadata())[0]).toMatchObject({ statistics: { load: { outputRows: '2' } } });
    const [rows] = await table.getRows();
    expect(rows).toMatchObject([{ id: 'a', tags: ['x'] }, { id: 'b', at: null, tags: [] }, { id: 'from rows/1.json' }, { id: 'from rows/2.json' }]);
    const [page] = await table.getRows({ autoPaginate: false, maxResults: 1, startIndex: '1' });
    expect(page).toMatchObject([{ id: 'b' }]);
  });

  it('load all lines or none', async () => {
    const [table] = await client.dataset('nba_raw').createTable('refused', { schema });
    const [job] = await new Promise<[{ getMetadata(): Promise<unknown[]> }]>((resolve, reject) => {
      table.createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON' }).on('job', (made: { getMetadata(): Promise<unknown[]> }) => { resolve([made]); }).on('error', reject).end('{"id":"a"}\n{"id":7}\n');
    });
    expect((await job.getMetadata())[0]).toMatchObject({ status: { errorResult: { reason: 'invalid' } } });
    expect((await table.getRows())[0]).toEqual([]);
  });
});

describe('streamed rows', () => {
  it('are read at once, counted in tables.get, and closed to changes for 30 minutes, in the words of BigQuery', async () => {
    const [table] = await client.dataset('nba_raw').createTable('streamed', { schema, tableConstraints: { primaryKey: { columns: ['id'] } } });
    await table.insert([{ id: 'a', at: '2026-01-24T10:00:00Z', tags: [] }]);
    expect((await table.getMetadata())[0]).toMatchObject({ numRows: '1', streamingBuffer: { estimatedRows: '1', oldestEntryTime: String(clock.now()) } });
    const remove = 'DELETE FROM `nba_raw.streamed` WHERE id = "a"';
    const words = 'UPDATE or DELETE statement over table local.nba_raw.streamed would affect rows in the streaming buffer, which is not supported';
    await expect(client.query(remove)).rejects.toMatchObject({ code: 400, errors: [{ reason: 'invalidQuery', message: words }] });
    clock.advance(minutes(30));
    expect((await table.getMetadata())[0]).not.toHaveProperty('streamingBuffer');
    await client.query(remove);
    expect((await table.getRows())[0]).toEqual([]);
  });

  it('that do not fit are refused one by one in the answer, and none is stored', async () => {
    const table = client.dataset('nba_raw').table('streamed');
    await expect(table.insert([{ id: 'a', tags: [] }, { id: null }], { partialRetries: 0 })).rejects.toMatchObject({ name: 'PartialFailureError', errors: [{ errors: [{ reason: 'invalid' }] }, {}] });
    expect((await table.getRows())[0]).toEqual([]);
  });
});

it('a route that is not there says where to read', async () => {
  expect(await ask('GET', '/bigquery/v2/projects/local/models')).toMatchObject({ status: 404, json: { error: { code: 404, errors: [{ reason: 'notFound', message: expect.stringContaining('docs/local-google.md') as string }] } } });
});
