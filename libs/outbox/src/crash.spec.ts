import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochMs } from '@handoff/contracts';
import { CrashPoints, crashingBus, crashingState, diesAtPassage, SimulatedCrash, type DiesAt } from '@handoff/faults';
import type { MessageBus, StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitWithOutbox, publishPending } from './index.ts';

const now = epochMs(1_769_256_000_000);
let folder: string;
let environment: EmbeddedEnvironment;
let store: StateStore;
let published: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-outbox-crashes-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  store = new EmbeddedStateStore(environment);
  published = [];
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const ref = (id: string) => ({ collection: 'things', id });
const keeping: MessageBus = { publish: async (_, { key }) => { published.push(key); return { messageId: key }; } };
function process(diesAt?: DiesAt) {
  const points = new CrashPoints(diesAt);
  return { points, state: crashingState(store, points), bus: crashingBus(keeping, points) };
}

describe('a commit with an outbox that is killed at every step', () => {
  const entry = (key: string) => ({ topic: 'phase3-trigger', message: { key, correlationId: 'c', payload: {} }, confirms: [ref('release')] }) as const;
  const commit = (ports: { state: StateStore; bus: MessageBus }) =>
    commitWithOutbox(ports, { now, entries: [entry('a'), entry('b')], writes: [{ kind: 'create', ref: ref('release'), value: { messageId: null } }] });

  it('passes a commit, two publishes and a commit', async () => {
    const alive = process();
    await commit(alive);
    expect(alive.points.passed).toEqual(['after-commit', 'after-publish', 'after-publish', 'after-commit']);
  });

  it.each([0, 1, 2, 3])('loses no message at step %i, and after a sweep nothing waits', async (step) => {
    await expect(commit(process(diesAtPassage(step)))).rejects.toBeInstanceOf(SimulatedCrash);
    await publishPending({ state: store, bus: keeping }, 100);
    expect(new Set(published)).toEqual(new Set(['a', 'b']));
    expect((await store.get(ref('release')))?.value['messageId']).toMatch(/a|b/);
    expect(await store.query({ collection: 'outbox' })).toEqual([]);
  });

  it.each([0, 1, 2, 3])('and whose sweep is killed at step %i as well, is made good by the next', async (step) => {
    await expect(commit(process(diesAtPassage(0)))).rejects.toBeInstanceOf(SimulatedCrash);
    await expect(publishPending(process(diesAtPassage(step)), 100)).rejects.toBeInstanceOf(SimulatedCrash);
    await publishPending({ state: store, bus: keeping }, 100);
    expect(new Set(published)).toEqual(new Set(['a', 'b']));
    expect(await store.query({ collection: 'outbox' })).toEqual([]);
  });
});
