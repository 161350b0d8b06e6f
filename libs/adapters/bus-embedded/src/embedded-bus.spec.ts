import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, elapsed, minutes, seconds, type EpochMs } from '@handoff/contracts';
import type { OutgoingMessage } from '@handoff/ports';
import { openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { contractSubscriptions, contractTopics, ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedBus, type SubscriptionPolicy } from './index.ts';

let folder: string;
let environment: EmbeddedEnvironment;
let clock: ManualClock;
let bus: EmbeddedBus;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-embedded-bus-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  clock = new ManualClock();
  bus = busWith(contractSubscriptions);
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const busWith = (subscriptions: readonly SubscriptionPolicy[]) => new EmbeddedBus({ transaction: environment, clock, topics: contractTopics, subscriptions });
const message = (key: string): OutgoingMessage => ({ key, correlationId: 'chain', payload: {} });
const publish = (key: string) => bus.publish('phase-done', message(key));

async function keysDelivered(verdict: 'ack' | 'nack' = 'ack'): Promise<string[]> {
  const keys: string[] = [];
  while (await bus.deliverNext(async (delivery) => { keys.push(delivery.message.key); return verdict; }));
  return keys;
}

describe('the order of delivery', () => {
  it('is that of time, then of publishing, over a power of ten', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    for (const key of keys) await publish(key);
    clock.advance(minutes(-1));
    await publish('earlier');
    clock.advance(minutes(1));
    expect(await keysDelivered()).toEqual(['earlier', ...keys]);
  });

  it('delivers one that is due again before one that was published later', async () => {
    await publish('refused');
    await keysDelivered('nack');
    clock.advance(seconds(11));
    await publish('later');
    expect(await keysDelivered()).toEqual(['refused', 'later']);
  });

  it('takes each of many that are due once, and says so when none is left', async () => {
    for (let index = 0; index < 30; index += 1) await publish(`k${index}`);
    expect(new Set(await keysDelivered()).size).toBe(30);
    expect([bus.depth(), bus.nextDueAt(), await bus.deliverNext(async () => 'ack')]).toEqual([0, undefined, false]);
  });

  it('gives deliveries that overlap different messages', async () => {
    for (const key of ['a', 'b']) await publish(key);
    const seen: string[] = [];
    await bus.deliverNext(async (outer) => {
      seen.push(outer.message.key);
      await bus.deliverNext(async (inner) => { seen.push(inner.message.key); return 'ack'; });
      expect([bus.nextDueAt(), await bus.deliverNext(async () => 'ack')]).toEqual([undefined, false]);
      return 'ack';
    });
    expect([seen, bus.depth()]).toEqual([['a', 'b'], 0]);
  });
});

describe('the back-off', () => {
  it('doubles from 10 seconds to at most 60, and after the fifth refusal there is a dead letter instead', async () => {
    await publish('a');
    const waits: number[] = [];
    for (let due = bus.nextDueAt(); due !== undefined; due = bus.nextDueAt()) {
      waits.push(elapsed(clock.now(), due) / 1_000);
      clock.advance(elapsed(clock.now(), due));
      expect(await keysDelivered('nack')).toEqual(['a']);
    }
    expect(waits).toEqual([0, 10, 20, 40, 60]);
    expect(bus.deadLetters()).toMatchObject([{ subscription: 'phase-done--gate', deliveries: 5, message: message('a'), deadLetteredAt: clock.now() }]);
  });

  it('ends at the millisecond', async () => {
    await publish('a');
    await keysDelivered('nack');
    const dueAt: EpochMs = after(clock.now(), seconds(10));
    expect(bus.nextDueAt()).toBe(dueAt);
    clock.advance((elapsed(clock.now(), dueAt) - 1) as never);
    expect(await keysDelivered()).toEqual([]);
    clock.advance(1 as never);
    expect(await keysDelivered()).toEqual(['a']);
  });
});

describe('dead letters', () => {
  it('are kept in the order in which they died, one for each message and subscription', async () => {
    for (const key of ['a', 'b']) await publish(key);
    for (let round = 0; round < 5; round += 1) {
      await keysDelivered('nack');
      clock.advance(minutes(1));
    }
    await publish('a');
    for (let round = 0; round < 5; round += 1) {
      await keysDelivered('nack');
      clock.advance(minutes(1));
    }
    expect(bus.deadLetters().map((letter) => letter.message.key)).toEqual(['a', 'b', 'a']);
  });

  it('take what waits for a subscription that is gone, and nothing else waits behind it', async () => {
    await bus.publish('files-stored', message('a'));
    bus = busWith(contractSubscriptions.filter(({ name }) => name !== 'files-stored--load'));
    expect(await keysDelivered()).toEqual(['a']);
    expect(bus.deadLetters()).toMatchObject([{ subscription: 'files-stored--load', deliveries: 0 }]);
  });
});

describe('a closed environment', () => {
  it('is an error of the bus, whoever asks', async () => {
    await publish('a');
    await environment.close();
    await expect(publish('b')).rejects.toMatchObject({ code: 'bus-unavailable', disposition: 'retry' });
    await expect(bus.deliverNext(async () => 'ack')).rejects.toMatchObject({ code: 'state-unavailable' });
    expect(() => bus.nextDueAt()).toThrow('closed');
  });
});
