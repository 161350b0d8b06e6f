import { deadLetterName } from '@handoff/catalogue';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v1 } from '@google-cloud/pubsub';
import { subscriptions, topics } from '@handoff/catalogue';
import { startEmulator } from '@handoff/google-emulators';
import { skipWithout } from '@handoff/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openBusProvisioner, openPubSubBus, type PubSubOptions } from './index.ts';
import { callOptions, openClient, subscriptionPath } from './pub-sub-client.ts';

const emulator = await startEmulator('pubsub');
beforeEach((context) => { if (emulator.kind === 'not-installed') skipWithout('emulators', emulator.reason, context); });
afterAll(async () => { if (emulator.kind === 'running') await emulator.stop(); });

function newProject(): PubSubOptions {
  if (emulator.kind === 'not-installed') throw new Error(emulator.reason);
  return { projectId: `spec-${crypto.randomUUID().slice(0, 20)}`, emulator };
}

async function provision(project: PubSubOptions, plan: Parameters<ReturnType<typeof openBusProvisioner>['provision']>[0]): Promise<void> {
  const provisioner = openBusProvisioner(project);
  await provisioner.provision(plan);
  await provisioner.close();
}

interface Seen {
  readonly name?: string | null;
  readonly pushConfig?: { readonly pushEndpoint?: string | null } | null;
}

async function subscriptionsOf(project: PubSubOptions): Promise<ReadonlyMap<string, Seen>> {
  const subscriber = openClient(v1.SubscriberClient, project);
  const [found] = await subscriber.call((client) => client.listSubscriptions({ project: `projects/${project.projectId}` }, callOptions()));
  await subscriber.close();
  return new Map(found.map((subscription) => [subscription.name ?? '', subscription]));
}

describe('the bus of the catalogue', () => {
  const addressed = (port: number) => ({ topics, subscriptions, addressOf: (name: string) => `http://127.0.0.1:${port}/${name}` });

  it('has every subscription with its address, limits and a dead-letter topic that keeps what it gets', async () => {
    const project = newProject();
    await provision(project, addressed(8_001));
    const found = await subscriptionsOf(project);
    expect(found.size).toBe(2 * subscriptions.length);
    for (const row of subscriptions) {
      const dead = `projects/${project.projectId}/topics/${deadLetterName(row.name)}`;
      expect(found.get(subscriptionPath(project.projectId, row.name))).toMatchObject({
        topic: `projects/${project.projectId}/topics/${row.topic}`,
        pushConfig: { pushEndpoint: `http://127.0.0.1:8001/${row.function}/projects/${project.projectId}/topics/${row.topic}` },
        ackDeadlineSeconds: 600,
        deadLetterPolicy: { deadLetterTopic: dead, maxDeliveryAttempts: 5 },
        retryPolicy: { minimumBackoff: { seconds: '10' }, maximumBackoff: { seconds: '600' } },
        messageRetentionDuration: { seconds: '604800' },
      });
      expect(found.get(subscriptionPath(project.projectId, deadLetterName(row.name)))).toMatchObject({ topic: dead, messageRetentionDuration: { seconds: '604800' } });
    }
  });

  it('can be provisioned again, at other addresses', async () => {
    const project = newProject();
    await provision(project, addressed(8_001));
    await provision(project, addressed(8_002));
    const found = await subscriptionsOf(project);
    expect(found.size).toBe(2 * subscriptions.length);
    for (const row of subscriptions) expect(found.get(subscriptionPath(project.projectId, row.name))?.pushConfig?.pushEndpoint).toContain(':8002/');
  });

  it('is refused where a subscription names a topic that is not planned', async () => {
    await expect(provision(newProject(), { ...addressed(8_001), topics: [] })).rejects.toMatchObject({ code: 'bus-topic-missing' });
  });
});

interface Pushed {
  readonly path: string;
  readonly body: { readonly subscription: string; readonly message: Readonly<Record<string, unknown>> };
}

/** A function that refuses as many deliveries as told, then takes them; ends when it has had `count`. */
async function received(count: number, refusals: number, publish: (address: string) => Promise<void>): Promise<readonly Pushed[]> {
  const pushed: Pushed[] = [];
  let isEnough: () => void;
  const enough = new Promise<void>((resolve) => { isEnough = resolve; });
  const server: Server = createServer((request, response) => {
    void textOf(request).then((text) => {
      pushed.push({ path: request.url ?? '', body: JSON.parse(text) as Pushed['body'] });
      response.writeHead(pushed.length <= refusals ? 500 : 204).end(() => { if (pushed.length === count) isEnough(); });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await publish(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await enough;
  server.closeAllConnections();
  server.close();
  return pushed;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('a push', () => {
  it('reaches the function with the topic in its path, whole, and again after a refusal', async () => {
    const project = newProject();
    const bus = openPubSubBus(project);
    let messageId = '';
    const pushed = await received(2, 1, async (address) => {
      const rows = [{ name: 'files-stored--load', topic: 'files-stored', function: 'load', deliveriesMax: 5, minBackoffSeconds: 1, maxBackoffSeconds: 1 }];
      await provision(project, { topics: ['files-stored'], subscriptions: rows, addressOf: () => address });
      ({ messageId } = await bus.publish('files-stored', { key: 'file-1', correlationId: 'chain', payload: { text: 'Dončić', rows: [[1], []] } }));
    });
    await bus.close();
    expect(pushed).toHaveLength(2);
    for (const { path, body } of pushed) {
      expect(path).toBe(`/projects/${project.projectId}/topics/files-stored`);
      expect(body.subscription).toBe(subscriptionPath(project.projectId, 'files-stored--load'));
      expect(body.message).toMatchObject({ messageId, attributes: { key: 'file-1', correlationId: 'chain' }, publishTime: expect.stringMatching(/Z$/) as string });
      expect(JSON.parse(Buffer.from(body.message['data'] as string, 'base64').toString())).toEqual({ text: 'Dončić', rows: [[1], []] });
    }
  });
});
