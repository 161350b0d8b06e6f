import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import { readHeartbeats } from '@handoff/heartbeats';
import { IncidentNotifier } from '@handoff/notifier-state';
import { route, type FlowReport, type FunctionDefinition, type Ports, type StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { KeepingBus, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodePush, hostFunction, type HostedFunction } from './index.ts';

const clock = new ManualClock();
const job = 'master-controller';
let folder: string;
let environment: EmbeddedEnvironment;
let store: StateStore;
let notifier: IncidentNotifier;
let work: () => Promise<FlowReport>;
let runs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-heartbeats-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  store = new EmbeddedStateStore(environment);
  notifier = new IncidentNotifier({ state: store });
  runs = 0;
  work = () => Promise.resolve({ outcome: 'decided' });
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (): Promise<FlowReport> => {
  runs += 1;
  return work();
};
const definition: FunctionDefinition<object> = { name: job, config: z.object({}), routes: [route('watchdog-canary', z.object({}), run)], onSchedule: run };
const gone = new Proxy({}, { get: () => () => Promise.reject(new PipelineError({ code: 'state-permission-denied', message: 'no permission' })) }) as StateStore;
const host = (state: StateStore = store, changes: Partial<FunctionDefinition<object>> = {}): HostedFunction =>
  hostFunction({ definition: { ...definition, ...changes }, config: {}, ports: { clock, state, bus: new KeepingBus(), log: silentLog, notifier, warehouse: {}, objects: {}, delays: {}, random: { next: () => 0 } } as unknown as Ports, instance: { id: 'spec', isGone: () => false } });
const post = (hosted: HostedFunction, body: unknown) => hosted({ method: 'POST', path: '/', headers: {}, body });
const tick = () => ({ job, scheduledAt: clock.now() });
const push = () => encodePush({ subscription: `watchdog-canary--${job}`, messageId: 'm', publishedAt: clock.now(), attempt: 1, message: { key: 'k', correlationId: 'c', payload: {} } });
const refusal = new PipelineError({ code: 'source-unavailable', message: 'away' });

describe('a run of a job', () => {
  it.each<[string, () => Promise<FlowReport>, { readonly outcome: string; readonly isComplete: boolean }]>([
    ['is complete', () => Promise.resolve({ outcome: 'decided' }), { outcome: 'decided', isComplete: true }],
    ['found nothing to do', () => Promise.resolve({ outcome: 'nothing-due' }), { outcome: 'nothing-due', isComplete: true }],
    ['was refused', () => Promise.reject(refusal), { outcome: 'retry', isComplete: false }],
    ['met a bug', () => Promise.reject(new TypeError('a bug')), { outcome: 'failed', isComplete: false }],
  ])('that %s leaves a heartbeat', async (_, ending, expected) => {
    work = ending;
    await post(host(), tick());
    expect(await readHeartbeats(store)).toEqual([{ job, at: clock.now(), ...expected }]);
  });

  it('that fails does not hide when it was last complete', async () => {
    await post(host(), tick());
    const before = clock.now();
    clock.advance(3_600_000 as never);
    work = () => Promise.reject(refusal);
    await post(host(), tick());
    expect((await readHeartbeats(store)).map(({ at, isComplete }) => [at, isComplete])).toEqual(expect.arrayContaining([[before, true], [clock.now(), false]]));
  });

  it('is what leaves one; a message does not', async () => {
    await post(host(), push());
    expect([runs, await readHeartbeats(store)]).toEqual([1, []]);
  });
});

describe('a function that needs no state store', () => {
  const stateless = { isStateless: true } as const;

  it('works while there is none: ticks and messages, as often as they come', async () => {
    const hosted = host(gone, stateless);
    for (const body of [tick(), tick(), push(), push()]) expect(await post(hosted, body)).toMatchObject({ status: 200, body: { outcome: 'decided' } });
    expect(runs).toBe(4);
    expect(await post(host(gone), tick())).toMatchObject({ status: 503 });
  });

  it('that fails is told of, and called again', async () => {
    work = () => Promise.reject(new PipelineError({ code: 'objects-permission-denied', message: 'no permission' }));
    expect(await post(host(undefined, stateless), tick())).toMatchObject({ status: 503 });
    work = () => Promise.reject(new TypeError('a bug'));
    expect(await post(host(undefined, stateless), tick())).toMatchObject({ status: 500 });
    expect((await notifier.incidents()).map(({ cause }) => cause).toSorted()).toEqual(['function-failed', 'platform-fault']);
  });
});
