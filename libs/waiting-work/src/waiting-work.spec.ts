import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minutes, type PipelineErrorOptions } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { outboxWrite, publishPending } from '@handoff/outbox';
import type { MessageBus } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promoteWaiting, releaseWaiting, resourceOf, waitForResource } from './index.ts';

const resource = 'warehouse nba_raw.nbac_schedule';
let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let clock: ManualClock;
let published: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-waiting-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  clock = new ManualClock();
  published = [];
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const bus: MessageBus = { publish: async (_, { key, probe }) => { published.push(probe === undefined ? key : `${key} probes`); return { messageId: key }; } };
const delays = () => new StateDelayQueue(state, bus);
const message = (key: string) => ({ key, correlationId: 'chain', payload: {} });
const wait = (key: string) => waitForResource({ state, delays: delays() }, { resource, code: 'warehouse-table-missing', topic: 'phase3-trigger', message: message(key) }, clock.now());
const promote = async () => (await promoteWaiting({ state, delays: delays() }, clock.now())).promoted;
const deliver = () => delays().deliverDue(clock.now(), 1_000);

it.each<readonly [Pick<PipelineErrorOptions, 'code' | 'facts'>, string]>([
  [{ code: 'warehouse-table-missing', facts: { table: 'nba_raw.x' } }, 'warehouse nba_raw.x'],
  [{ code: 'bus-topic-missing', facts: { topic: 'phase3-trigger' } }, 'bus phase3-trigger'],
  [{ code: 'bus-permission-denied', facts: { resource: 'topic a' } }, 'bus topic a'],
  [{ code: 'source-blocked', facts: { scraper: 'bdl_injuries' } }, 'source bdl_injuries'],
  [{ code: 'state-permission-denied', facts: {} }, 'state'],
])('%j concerns the resource %s', ({ code, facts = {} }, expected) => {
  expect(resourceOf({ code, facts })).toBe(expected);
});

it('a fault of two days costs one delivery in five minutes, however much waits', async () => {
  for (let index = 0; index < 50; index += 1) await wait(`work-${index}`);
  let deliveries = 0;
  for (let minute = 0; minute < 48 * 60; minute += 1) {
    clock.advance(minutes(1));
    const due = await deliver();
    deliveries += due;
    if (due > 0) await wait('work-0');
    if (minute % 15 === 0) expect(await promote()).toBe(0);
  }
  expect(deliveries).toBe(48 * 12);
});

it('when the probe has come through, everything that waited is sent once, however many batches that takes', async () => {
  for (let index = 0; index < 450; index += 1) await wait(`work-${String(index).padStart(3, '0')}`);
  expect(await releaseWaiting({ state }, resource, clock.now())).toBe(449);
  expect(await releaseWaiting({ state }, resource, clock.now())).toBe(0);
  await publishPending({ state, bus }, 1_000);
  expect(new Set(published).size).toBe(449);
  expect(await wait('next fault')).toBe('probes');
});

it('a message that is in the outbox already holds up none of the others', async () => {
  for (const key of ['probe', 'a', 'b', 'c']) await wait(key);
  await state.batch([outboxWrite({ topic: 'phase3-trigger', message: message('b') }, clock.now())]);
  await releaseWaiting({ state }, resource, clock.now());
  await publishPending({ state, bus }, 10);
  expect([...published].sort()).toEqual(['a', 'b', 'c']);
});

it('a probe that is never heard of again is followed by the longest waiting message', async () => {
  await wait('lost');
  for (const key of ['first', 'second']) {
    clock.advance(minutes(1));
    await wait(key);
  }
  clock.advance(minutes(12));
  expect(await promote()).toBe(0);
  clock.advance(minutes(1));
  expect(await promote()).toBe(1);
  expect(await promote()).toBe(0);
  await deliver();
  expect(published).toEqual(['lost probes', 'first probes']);
});

it('what a release that was cut off has left behind is promoted', async () => {
  for (const key of ['probe', 'a']) await wait(key);
  const [resourceDocument] = await state.query({ collection: 'waiting_resources' });
  await state.batch([{ kind: 'delete', ref: resourceDocument!.ref }]);
  expect(await promote()).toBe(1);
  expect(await wait('b')).toBe('waits');
});

it('a resource whose only probe ended in another way is forgotten, and probed anew when it fails again', async () => {
  await wait('alone');
  clock.advance(minutes(14));
  expect(await promoteWaiting({ state, delays: delays() }, clock.now())).toEqual({ promoted: 0, forgotten: [] });
  clock.advance(minutes(1));
  expect(await promoteWaiting({ state, delays: delays() }, clock.now())).toEqual({ promoted: 0, forgotten: [resource] });
  expect(await wait('another')).toBe('probes');
});

it('of many that fail at once one probes', async () => {
  const as = await Promise.all(Array.from({ length: 20 }, (_, index) => wait(`work-${index}`)));
  expect(as.filter((one) => one === 'probes')).toHaveLength(1);
});

describe('more messages than are read at once', () => {
  /** That wait for one resource, the longest first. */
  async function crowd(count: number, of: string): Promise<void> {
    for (let first = 0; first < count; first += 400) {
      await state.batch(Array.from({ length: Math.min(400, count - first) }, (_, index) => ({
        kind: 'create' as const, ref: { collection: 'waiting_work', id: `${of}-${first + index}` },
        value: { resource: of, topic: 'phase3-trigger', message: message(`${of}-${first + index}`), since: clock.now() },
      })));
    }
  }

  it('are all released by one probe that came through', async () => {
    await wait('probe');
    await crowd(5_100, resource);
    expect(await releaseWaiting({ state }, resource, clock.now())).toBe(5_100);
    expect(await state.query({ collection: 'waiting_work' })).toEqual([]);
  });

  it('do not hide a resource whose messages came later: it is probed, and not told to work again', async () => {
    await crowd(5_100, 'a');
    clock.advance(minutes(1));
    for (const key of ['lost', 'behind']) await wait(key);
    clock.advance(minutes(20));
    expect(await promoteWaiting({ state, delays: delays() }, clock.now())).toEqual({ promoted: 2, forgotten: [] });
    await deliver();
    expect(published).toContain('behind probes');
  });
});
