import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { epochMs } from '@handoff/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRequest, encodePush, serveFunction, type Decoded } from './index.ts';

let server: Server;
let address: string;
const decoded: Decoded[] = [];
beforeAll(async () => {
  serveFunction('served-function', async (request) => {
    if (request.method === 'DELETE') throw new Error('the host itself has failed');
    decoded.push(decodeRequest(request));
    return { status: 202, body: { outcome: 'taken' } };
  });
  server = getTestServer('served-function');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
});

const push = encodePush({ subscription: 'phase3-trigger--phase3-analytics', messageId: 'm', publishedAt: epochMs(1_769_256_000_000), attempt: 2, message: { key: 'k', correlationId: 'c', payload: { text: 'Dončić' } } });
const source = '//pubsub.googleapis.com/projects/p/topics/phase3-trigger';

async function sent(headers: Record<string, string>, body: string): Promise<Decoded | undefined> {
  const response = await fetch(address, { method: 'POST', headers: { connection: 'close', ...headers }, body });
  expect([response.status, await response.json()]).toEqual([202, { outcome: 'taken' }]);
  return decoded.at(-1);
}

describe('through the server of the functions framework', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['a raw push', { 'content-type': 'application/json' }, push],
    ['a CloudEvent in binary mode', { 'content-type': 'application/json', 'ce-id': '1', 'ce-specversion': '1.0', 'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished', 'ce-source': source }, push],
    ['a CloudEvent in structured mode', { 'content-type': 'application/cloudevents+json' }, { specversion: '1.0', id: '1', type: 'google.cloud.pubsub.topic.v1.messagePublished', source, data: push }],
  ])('%s arrives as the delivery that it was', async (_, headers, body) => {
    expect(await sent(headers, JSON.stringify(body))).toMatchObject({ kind: 'delivery', topic: 'phase3-trigger', delivery: { attempt: 2, message: { key: 'k', payload: { text: 'Dončić' } } } });
  });

  it.each(['application/json', 'application/octet-stream', 'text/plain'])('a tick arrives whatever the content type of the job: %s', async (type) => {
    expect(await sent({ 'content-type': type, 'x-cloudscheduler-scheduletime': '2026-01-24T12:00:00Z' }, '{"job":"outbox-sweeper"}')).toEqual({ kind: 'tick', job: 'outbox-sweeper', scheduledAt: 1_769_256_000_000 });
  });

  it('an empty body arrives as malformed', async () => {
    expect(await sent({ 'content-type': 'application/json' }, '')).toMatchObject({ kind: 'malformed' });
  });

  it('an error of the host itself is answered 500, so that the message comes again', async () => {
    expect((await fetch(address, { method: 'DELETE', headers: { connection: 'close' } })).status).toBe(500);
  });
});
