import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInstant, PipelineError } from '@handoff/contracts';
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
/** A job that is due at 12:45 in New York, and its firings. */
function dueJob() {
  const name = 'self-heal';
  return { job: name, at: (scheduledAt: string) => ({ job: name, scheduledAt: parseInstant(scheduledAt) }), hosted: host(store, { name }) };
}
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

  it('whose work was done before it leaves one too, and does nothing', async () => {
    const { job: due, at, hosted } = dueJob();
    await post(hosted, at('2026-01-24T17:45:00Z'));
    clock.moveTo(parseInstant('2026-01-24T18:00:01Z'));
    expect(await post(hosted, at('2026-01-24T18:00:00Z'))).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
    expect([runs, await readHeartbeats(store)]).toEqual([1, [{ job: due, at: clock.now(), outcome: 'nothing-due', isComplete: true }]]);
  });

  it('whose work was refused for good before is no complete one', async () => {
    work = () => Promise.reject(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'never' }));
    const again = tick();
    for (let call = 0; call < 2; call += 1) await post(host(), again);
    expect([runs, (await readHeartbeats(store)).map(({ outcome, isComplete }) => [outcome, isComplete])]).toEqual([1, [['rejected', false]]]);
  });

  it('is what leaves one; a message does not', async () => {
    await post(host(), push());
    expect([runs, await readHeartbeats(store)]).toEqual([1, []]);
  });
});

describe('a job that is due at a time of the day', () => {
  const ended = () => Promise.resolve({ outcome: 'healed' });

  it('does its work once for all firings from then to the next time, in winter and in summer', async () => {
    const { at, hosted } = dueJob();
    const times: readonly (readonly [string, number])[] = [['2026-01-24T17:45:00Z', 1], ['2026-01-24T18:00:00Z', 1], ['2026-01-25T17:30:00Z', 1], ['2026-01-25T17:45:00Z', 2], ['2026-07-01T16:45:00Z', 3], ['2026-07-02T16:30:00Z', 3]];
    for (const [time, made] of times) {
      await post(hosted, at(time));
      expect([time, runs]).toEqual([time, made]);
    }
  });

  it('that fails does it with its next firing, however long that takes', async () => {
    const { at, hosted } = dueJob();
    work = () => Promise.reject(refusal);
    for (const time of ['17:45', '18:00', '18:15']) expect(await post(hosted, at(`2026-01-24T${time}:00Z`))).toMatchObject({ status: 503 });
    work = ended;
    await post(hosted, at('2026-01-25T04:30:00Z'));
    await post(hosted, at('2026-01-25T04:45:00Z'));
    expect(runs).toBe(4);
  });

  it('that meets a fault of the platform, which is answered well, does it with its next firing', async () => {
    const { at, hosted } = dueJob();
    work = () => Promise.reject(new PipelineError({ code: 'warehouse-permission-denied', message: 'no permission' }));
    expect(await post(hosted, at('2026-01-24T17:45:00Z'))).toMatchObject({ status: 200, body: { outcome: 'deferred' } });
    work = ended;
    expect(await post(hosted, at('2026-01-24T18:00:00Z'))).toMatchObject({ status: 200, body: { outcome: 'healed' } });
  });

  it('that is refused is tried by its next firing too: what refused it may be mended, and people were told', async () => {
    const { at, hosted } = dueJob();
    work = () => Promise.reject(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'not as it is' }));
    for (const time of ['17:45', '18:00']) expect(await post(hosted, at(`2026-01-24T${time}:00Z`))).toMatchObject({ status: 200, body: { outcome: 'rejected' } });
    expect((await notifier.incidents()).map(({ resolvedAt }) => resolvedAt)).toEqual([null]);
    work = ended;
    expect(await post(hosted, at('2026-01-24T18:15:00Z'))).toMatchObject({ body: { outcome: 'healed' } });
    expect((await notifier.incidents()).map(({ resolvedAt }) => resolvedAt)).toEqual([clock.now()]);
  });

  it('is the same firing where its time is named a little late', async () => {
    const { at, hosted } = dueJob();
    for (const time of ['17:45:00Z', '18:00:02.923Z', '18:15:59.999Z']) await post(hosted, at(`2026-01-24T${time}`));
    expect(runs).toBe(1);
  });

  it('is run again by people, at a moment that is none of its firings', async () => {
    const { at, hosted } = dueJob();
    for (const time of ['2026-01-24T17:45:00Z', '2026-01-24T18:03:21.411Z', '2026-01-24T18:05:00Z']) await post(hosted, at(time));
    expect(runs).toBe(3);
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
