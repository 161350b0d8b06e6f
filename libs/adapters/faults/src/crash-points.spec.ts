import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import type { MessageBus, ObjectStore, StateStore } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CrashPoints, crashingBus, crashingState, diesAtPassage, diesByPlan, FaultPlan, onlyWhileAlive, SimulatedCrash, type DiesAt } from './index.ts';

let folder: string;
let environment: EmbeddedEnvironment;
let store: StateStore;
let published: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-crashes-'));
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

describe('a process that dies', () => {
  it.each<[string, (state: StateStore) => Promise<unknown>]>([
    ['create', (state) => state.create(ref('a'), {})],
    ['batch', (state) => state.batch([{ kind: 'create', ref: ref('a'), value: {} }])],
    ['transact', (state) => state.transact([], () => ({ writes: [{ kind: 'create', ref: ref('a'), value: {} }], result: 1 }))],
    ['increment', (state) => state.increment(ref('a'), 'count', 1)],
  ])('after a %s has written it', async (_, write) => {
    const { points, state } = process(diesAtPassage(0));
    await expect(write(state)).rejects.toMatchObject({ name: 'SimulatedCrash', point: 'after-commit' });
    expect([points.passed, await store.get(ref('a')) !== undefined]).toEqual([['after-commit'], true]);
  });

  it('after a publish has published', async () => {
    await expect(process(diesAtPassage(0)).bus.publish('t', { key: 'a', correlationId: 'c', payload: {} })).rejects.toMatchObject({ point: 'after-publish' });
    expect(published).toEqual(['a']);
  });

  it('reads and writes nothing more, whatever its catch and finally try, until it is started again', async () => {
    const { points, state, bus } = process(diesAtPassage(0));
    const objects = onlyWhileAlive<Pick<ObjectStore, 'delete'>>({ delete: async () => { published.push('deleted'); } }, ['delete'], points);
    await expect(state.create(ref('a'), {})).rejects.toBeInstanceOf(SimulatedCrash);
    for (const call of [() => state.create(ref('b'), {}), () => state.get(ref('a')), () => bus.publish('t', { key: 'k', correlationId: 'c', payload: {} }), () => objects.delete('x')]) {
      await expect(call()).rejects.toMatchObject({ name: 'SimulatedCrash', point: 'dead' });
    }
    expect([points.isDead, published, (await store.query({ collection: 'things' })).length]).toEqual([true, [], 1]);
    points.restart();
    await state.create(ref('b'), {});
    await objects.delete('x');
    expect([points.isDead, published]).toEqual([false, ['deleted']]);
  });

  it('dies before its work or after it, and not at a write that was refused', async () => {
    const work = { done: 0 };
    const run = (points: CrashPoints) => points.around(async () => { work.done += 1; return 'result'; });
    await expect(run(new CrashPoints((point) => point === 'before-work'))).rejects.toMatchObject({ point: 'before-work' });
    expect(work.done).toBe(0);
    await expect(run(new CrashPoints((point) => point === 'after-work'))).rejects.toMatchObject({ point: 'after-work' });
    expect(await run(new CrashPoints())).toBe('result');
    await store.create(ref('a'), {});
    const { points, state } = process(diesAtPassage(0));
    await expect(state.create(ref('a'), {})).rejects.toMatchObject({ code: 'state-already-exists' });
    expect(points.passed).toEqual([]);
  });

  it('is not an error that anything takes for one of the pipeline', () => {
    expect(new SimulatedCrash('after-commit')).not.toBeInstanceOf(PipelineError);
  });

  it('dies by plan at its point, as often as the fault says, and is counted', async () => {
    const faults = [{ target: 'function:phase3-to-phase4', kind: 'crash', point: 'after-commit', times: 1 }] as const;
    const plan = new FaultPlan({ faults, clock: new ManualClock(), random: new SeededRandom(1) });
    const other = process(diesByPlan(plan, 'function:phase2-raw'));
    await other.state.create(ref('other'), {});
    const { points, state, bus } = process(diesByPlan(plan, 'function:phase3-to-phase4'));
    await bus.publish('t', { key: 'a', correlationId: 'c', payload: {} });
    await expect(state.create(ref('a'), {})).rejects.toMatchObject({ point: 'after-commit' });
    points.restart();
    await state.create(ref('b'), {});
    expect(plan.fired()).toMatchObject([{ fired: 1 }]);
  });
});
