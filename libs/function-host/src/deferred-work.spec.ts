import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, minutes, PipelineError, type PipelineErrorOptions } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { IncidentNotifier } from '@handoff/notifier-state';
import { publishPending } from '@handoff/outbox';
import { route, type FunctionDefinition, type MessageBus, type Ports } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { encodePush, hostFunction } from './index.ts';

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let clock: ManualClock;
let notifier: IncidentNotifier;
let published: string[];
/** What the hosted function throws; undefined when it works. */
let fails: (() => Omit<PipelineErrorOptions, 'disposition' | 'message'>) | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-deferred-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  clock = new ManualClock();
  notifier = new IncidentNotifier({ state });
  published = [];
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const bus: MessageBus = { publish: async (topic, { key, probe }) => {
  if (topic === 'phase3-trigger') published.push(`${key}${probe === undefined ? '' : ' probes'}`);
  return { messageId: topic };
} };
const definition: FunctionDefinition<object> = {
  name: 'phase3-analytics', config: z.object({}),
  routes: [route('phase3-trigger', z.object({}), async () => {
    if (fails !== undefined) throw new PipelineError({ disposition: 'defer', message: 'not now', ...fails() });
    return { outcome: 'written' };
  })],
};

/** Delivers a message, as the probe of a resource where one is named. */
function deliver(key: string, probe?: string): Promise<unknown> {
  const ports = { clock, state, bus, warehouse: {}, objects: {}, delays: new StateDelayQueue(state, bus), notifier, log: silentLog, random: { next: () => 0 } } as unknown as Ports;
  const host = hostFunction({ definition, config: {}, ports, instance: { id: 'one', isGone: () => false } });
  return host({ method: 'POST', path: '/', headers: {}, body: encodePush({ subscription: 'phase3-trigger--phase3-analytics', messageId: 'm', publishedAt: clock.now(), attempt: 1, message: { key, correlationId: 'chain', payload: {}, ...(probe === undefined ? {} : { probe }) } }) });
}

const told = { cause: 'platform-fault', subject: 'warehouse nba_raw.nbac_schedule' };
it.each<readonly [what: string, every: number, resource: string, thrown: NonNullable<typeof fails>, incidents: readonly object[]]>([
  ['a fault of ours, and people are told', 5, told.subject, () => ({ code: 'warehouse-table-missing', facts: { table: 'nba_raw.nbac_schedule' } }), [told]],
  ['the open breaker of a source, which has told itself', 30, 'breaker service balldontlie', () => ({ code: 'breaker-open', facts: { resource: 'service balldontlie' }, until: after(clock.now(), minutes(30)) }), []],
])('of what is held up by %s, one message is delivered every %i minutes, and the others follow when it comes through', async (_, every, resource, thrown, incidents) => {
  fails = thrown;
  for (const key of ['first', 'second', 'third']) await deliver(key);
  const delays = new StateDelayQueue(state, bus);
  for (let round = 0; round < 20; round += 1) {
    clock.advance(minutes(every - 1));
    expect(await delays.deliverDue(clock.now(), 10)).toBe(0);
    clock.advance(minutes(1));
    expect(await delays.deliverDue(clock.now(), 10)).toBe(1);
    await deliver('first', resource);
  }
  expect(new Set(published)).toEqual(new Set(['first probes']));
  expect(await notifier.incidents()).toMatchObject(incidents);
  fails = undefined;
  await deliver('first', resource);
  expect(await publishPending({ state, bus }, 10)).toBe(2);
  expect(published.slice(-2).sort()).toEqual(['second', 'third']);
  expect((await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
});
