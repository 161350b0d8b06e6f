import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bucket } from '@google-cloud/storage';
import { milliseconds } from '@handoff/contracts';
import { createStorageClient, GcsObjectStore } from '@handoff/objects-gcs';
import { ManualClock } from '@handoff/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStorageLocal, storageFailure, type StorageLocal } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'handoff-storage-'));
const waits: number[] = [];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = { contentType: 'application/json' };
let server: StorageLocal;
let bucket: Bucket;
let objects: GcsObjectStore;

const store = (name: string): GcsObjectStore => new GcsObjectStore({
  client: createStorageClient({ project: 'local', endpoint: server.url }), bucket: name,
  attempts: { attemptsMax: 4, firstWaitMs: milliseconds(100), wait: async (span) => { waits.push(span); }, random: () => 0 },
});

beforeAll(async () => {
  server = await startStorageLocal({ folder, buckets: ['files', 'other'], clock: new ManualClock() });
  bucket = createStorageClient({ project: 'local', endpoint: server.url }).bucket('files');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  waits.length = 0;
  objects = store('files');
});

describe('an object', () => {
  it('says its type, its cache, its hashes and its generation, which grows', async () => {
    await objects.put('v1/status.json', bytes('{}'), { ...json, cacheSeconds: 300 });
    const [before] = await bucket.file('v1/status.json').getMetadata();
    expect(before).toMatchObject({ kind: 'storage#object', contentType: 'application/json', cacheControl: 'public, max-age=300', size: '2', md5Hash: 'mZFLkyvTelC5g8XnyQrpOw==' });
    await objects.put('v1/status.json', bytes('{}'), json);
    const [after] = await bucket.file('v1/status.json').getMetadata();
    expect(Number(after.generation)).toBeGreaterThan(Number(before.generation));
    expect(after.cacheControl).toBeUndefined();
  });

  it('is written, replaced and deleted only at the generation that is asked for', async () => {
    const file = bucket.file('guarded.json');
    await file.save('1', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    await expect(file.save('2', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject({ code: 412 });
    await expect(file.delete({ ifGenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
    const [{ generation = 0 }] = await file.getMetadata();
    await file.delete({ ifGenerationMatch: generation });
    expect(await file.exists()).toEqual([false]);
  });

  it.each([undefined, 256 * 1_024])('comes whole from a resumable upload, in chunks of %s', async (chunkSize) => {
    const text = 'x'.repeat(700_000);
    await bucket.file('large.txt').save(text, { resumable: true, contentType: 'text/plain', ...(chunkSize === undefined ? {} : { chunkSize }) });
    expect(new TextDecoder().decode(await objects.get('large.txt'))).toBe(text);
    expect((await bucket.file('large.txt').getMetadata())[0]).toMatchObject({ contentType: 'text/plain', size: '700000' });
  });

  it('is listed page by page, and apart from other buckets', async () => {
    const paths = ['p/1', 'p/2', 'p/3'];
    for (const path of paths) await objects.put(path, bytes(path), json);
    await store('other').put('p/4', bytes('4'), json);
    const [page, next] = await bucket.getFiles({ prefix: 'p/', maxResults: 2, autoPaginate: false });
    expect(page.map(({ name }) => name)).toEqual(['p/1', 'p/2']);
    expect((await bucket.getFiles({ ...next }))[0].map(({ name }) => name)).toEqual(['p/3']);
  });
});

describe('an answer with an error', () => {
  it.each([
    [401, 'authError', 'objects-permission-denied', 'defer', 1],
    [403, 'forbidden', 'objects-permission-denied', 'defer', 1],
    [404, 'notFound', 'objects-bucket-missing', 'defer', 1],
    [400, 'invalid', 'object-path-invalid', 'reject', 1],
    [429, 'rateLimitExceeded', 'objects-unavailable', 'retry', 4],
    [500, 'internalError', 'objects-unavailable', 'retry', 4],
    [503, 'backendError', 'objects-unavailable', 'retry', 4],
  ])('%i %s to a list is %s (%s), sent %i times', async (status, reason, code, disposition, sent) => {
    const before = server.requests();
    server.faults.add({ method: 'GET', path: /\/o$/, times: sent, answer: storageFailure(status, reason, 'as the test says') });
    await expect(objects.list('')).rejects.toMatchObject({ name: 'PipelineError', code, disposition, facts: { httpStatus: status } });
    expect(server.requests() - before).toBe(sent);
    expect(waits).toEqual([100, 200, 400].slice(0, sent - 1));
  });

  it('to a get that passes by is not seen by the caller', async () => {
    await objects.put('seen.json', bytes('seen'), json);
    server.faults.add({ method: 'GET', path: /seen/, times: 2, answer: storageFailure(503, 'backendError', 'later') });
    expect(new TextDecoder().decode(await objects.get('seen.json'))).toBe('seen');
  });

  it('of a bucket that does not exist is deferred', async () => {
    await expect(store('nowhere').put('a.json', bytes('1'), json)).rejects.toMatchObject({ code: 'objects-bucket-missing', disposition: 'defer' });
  });
});

describe('a put whose answer is lost', () => {
  const lost = { method: 'POST', path: /^\/upload\//, answer: storageFailure(503, 'backendError', 'lost') };

  it('is not sent again when it had arrived', async () => {
    server.faults.add({ ...lost, isDone: true });
    const before = server.requests();
    await objects.put('arrived.json', bytes('mine'), json);
    // The put, and the look at what it left.
    expect(server.requests() - before).toBe(2);
    expect(new TextDecoder().decode(await objects.get('arrived.json'))).toBe('mine');
  });

  it('is sent again, over what was there, when it had not', async () => {
    await objects.put('missed.json', bytes('old'), json);
    server.faults.add(lost);
    await objects.put('missed.json', bytes('new'), json);
    expect(new TextDecoder().decode(await objects.get('missed.json'))).toBe('new');
  });
});
