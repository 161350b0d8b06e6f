import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochMs, PipelineError, type Disposition } from '@handoff/contracts';
import type { MessageBus, OutgoingMessage, StateDocument } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitWithOutbox, outboxWrite, publishPending, publishPendingHistory, publishWritten, type OutboxEntry } from './index.ts';

const now = epochMs(1_769_256_000_000);
let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let bus: FailingBus;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-outbox-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  bus = new FailingBus();
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps what it is given, and refuses the keys that a test names. */
class FailingBus implements MessageBus {
  readonly published: string[] = [];
  readonly failing = new Map<string, Error>();

  async publish(topic: string, { key }: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const failure = this.failing.get(key);
    if (failure !== undefined) throw failure;
    this.published.push(`${topic} ${key}`);
    return { messageId: `message-${this.published.length}` };
  }
}

const release = { collection: 'releases', id: 'r1' };
const entry = (key: string, topic: OutboxEntry['topic'] = 'phase3-trigger'): OutboxEntry => ({ topic, message: { key, correlationId: 'chain', payload: { key } } });
const waiting = async () => (await state.query<StateDocument & OutboxEntry>({ collection: 'outbox' })).map(({ value }) => value.message.key).sort();
const failure = (disposition: Disposition) => new PipelineError({ code: 'bus-unavailable', disposition, message: 'no bus' });
const commit = (entries: readonly OutboxEntry[]) => commitWithOutbox({ state, bus }, { now, entries, writes: [{ kind: 'create', ref: release, value: { revision: 1, messageId: null } }] });

describe('a commit with messages', () => {
  it('writes the state, publishes each message once, confirms with its id and leaves nothing waiting', async () => {
    await commit([{ ...entry('a'), confirms: [release] }, entry('b')]);
    expect(bus.published).toEqual(['phase3-trigger a', 'phase3-trigger b']);
    expect((await state.get(release))?.value).toEqual({ revision: 1, messageId: 'message-1' });
    expect([await waiting(), await publishPending({ state, bus }, 100)]).toEqual([[], 0]);
  });

  it('publishes nothing when the state is refused, and leaves nothing waiting', async () => {
    await state.create(release, { revision: 1, messageId: 'of the winner' });
    await expect(commit([entry('a')])).rejects.toMatchObject({ code: 'state-already-exists' });
    expect([bus.published, await waiting()]).toEqual([[], []]);
  });

  it('has one winner of 10 that commit the same release at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => commit([entry('a')])));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bus.published).toEqual(['phase3-trigger a']);
  });

  it('keeps the message when it cannot be published, and the sweep publishes and confirms it', async () => {
    bus.failing.set('a', failure('retry'));
    await expect(commit([{ ...entry('a'), confirms: [release] }])).rejects.toMatchObject({ code: 'bus-unavailable' });
    expect([(await state.get(release))?.value, await waiting()]).toEqual([{ revision: 1, messageId: null }, ['a']]);
    bus.failing.clear();
    expect(await publishPending({ state, bus }, 100)).toBe(1);
    expect([(await state.get(release))?.value, await waiting()]).toEqual([{ revision: 1, messageId: 'message-1' }, []]);
  });

  it('keeps what another has changed in a document that it confirms, and does not bring back one that is gone', async () => {
    const gone = { collection: 'releases', id: 'gone' };
    await state.batch([outboxWrite({ ...entry('a'), confirms: [release, gone] }, now), { kind: 'set', ref: release, value: { revision: 1, note: 'changed since' } }]);
    await publishPending({ state, bus }, 100);
    expect((await state.get(release))?.value).toEqual({ revision: 1, note: 'changed since', messageId: 'message-1' });
    expect(await state.get(gone)).toBeUndefined();
  });

  it('takes the same key on two topics, and keys with a slash and 200 characters of any script', async () => {
    const key = 'raw/2026-01-24/'.padEnd(200, '東');
    await commit([entry(key), entry(key, 'phase4-trigger')]);
    expect(bus.published).toEqual([`phase3-trigger ${key}`, `phase4-trigger ${key}`]);
  });
});

describe('messages that are written already', () => {
  it('are confirmed however many they are: 600 of one commit leave nothing waiting', async () => {
    const entries = Array.from({ length: 600 }, (_, index) => entry(`e${index}`));
    for (const first of [0, 300]) await state.batch(entries.slice(first, first + 300).map((one) => outboxWrite(one, now)));
    await publishWritten({ state, bus }, entries);
    expect([bus.published.length, await waiting()]).toEqual([600, []]);
  });

  it('are refused when they are written again, but for events of the history', async () => {
    for (let time = 0; time < 2; time += 1) await state.batch([outboxWrite(entry('e', 'pipeline-events'), now)]);
    await state.batch([outboxWrite(entry('a'), now)]);
    await expect(state.batch([outboxWrite(entry('a'), now)])).rejects.toMatchObject({ code: 'state-already-exists' });
  });
});

describe('a sweep', () => {
  const leave = (keys: readonly string[]) => state.batch(keys.map((key, index) => outboxWrite(entry(key), epochMs(now - index))));

  it('publishes the oldest first, at most as many as asked for, and counts', async () => {
    await leave(['c', 'b', 'a']);
    expect([await publishPending({ state, bus }, 2), await publishPending({ state, bus }, 2), await publishPending({ state, bus }, 2)]).toEqual([2, 1, 0]);
    expect(bus.published).toEqual(['phase3-trigger a', 'phase3-trigger b', 'phase3-trigger c']);
  });

  it.each<[Disposition, readonly string[]]>([
    ['defer', ['phase3-trigger b', 'phase3-trigger c']],
    ['reject', ['phase3-trigger b', 'phase3-trigger c']],
    ['retry', []],
  ])('that meets a failure to %s still publishes %j, tells, and keeps the rest', async (disposition, published) => {
    await leave(['c', 'b', 'a']);
    bus.failing.set('a', failure(disposition));
    await expect(publishPending({ state, bus }, 100)).rejects.toMatchObject({ disposition });
    expect(bus.published).toEqual(published);
    bus.failing.clear();
    await publishPending({ state, bus }, 100);
    expect([[...bus.published].sort(), await waiting()]).toEqual([['phase3-trigger a', 'phase3-trigger b', 'phase3-trigger c'], []]);
  });

  it('of work finds a trigger behind any number of events that cannot be published, and leaves those to the sweep of the history', async () => {
    await state.batch([...Array.from({ length: 20 }, (_, index) => outboxWrite(entry(`e${index}`, 'pipeline-events'), epochMs(now - 1_000))), outboxWrite(entry('a'), now)]);
    bus.failing.set('e0', failure('defer'));
    expect([await publishPending({ state, bus }, 10), bus.published]).toEqual([1, ['phase3-trigger a']]);
    bus.failing.clear();
    expect([await publishPendingHistory({ state, bus }, 100), await publishPendingHistory({ state, bus }, 100)]).toEqual([20, 0]);
  });
});
