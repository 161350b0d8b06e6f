import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, epochMs, minutes, PipelineError, seconds, type PipelineErrorOptions } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { RecordingNotifier } from '@handoff/notify-recording';
import { route, type FlowReport, type FunctionDefinition, type Log, type MessageBus, type OutgoingMessage, type Ports, type StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodePush, hostFunction, type HostedFunction, type Instance } from './index.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silent };
const published: string[] = [];
const bus: MessageBus = { publish: async (topic: string, { key }: OutgoingMessage) => { published.push(`${topic} ${key}`); return { messageId: 'm' }; } };

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let clock: ManualClock;
let notifier: RecordingNotifier;
let runs: string[];
/** What the flow of the hosted function does; a test sets it. */
let flow: (game: string) => Promise<FlowReport>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-host-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  clock = new ManualClock();
  notifier = new RecordingNotifier(state);
  runs = [];
  published.length = 0;
  flow = async () => ({ outcome: 'written', facts: { rows: 3 } });
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const definition: FunctionDefinition<object> = {
  name: 'phase3-analytics',
  config: z.object({}),
  routes: [route('phase3-trigger', z.object({ game: z.string() }), async ({ game }) => { runs.push(game); return flow(game); })],
  onSchedule: async (_, __, { scheduledAt }) => { runs.push(String(scheduledAt)); return flow('tick'); },
};

interface Hosting {
  readonly id?: string;
  readonly gone?: readonly string[];
  readonly store?: StateStore;
  readonly at?: FunctionDefinition<object>;
}

function hosted({ id = 'one', gone = [], store = state, at = definition }: Hosting = {}): HostedFunction {
  const instance: Instance = { id, isGone: (holder) => gone.includes(holder) };
  const ports = { clock, state: store, bus, delays: new StateDelayQueue(store, bus), notifier, log: silent } as unknown as Ports;
  return hostFunction({ definition: at, config: {}, ports, instance });
}
const post = (host: HostedFunction, body: unknown) => host({ method: 'POST', path: '/', headers: {}, body });
const push = (payload: Record<string, unknown> = { game: 'g1' }, key = 'work', topic = 'phase3-trigger') =>
  encodePush({ subscription: `${topic}--phase3-analytics`, messageId: `message of ${key}`, publishedAt: clock.now(), attempt: 1, message: { key, correlationId: 'chain', payload } });
const incidents = async () => (await notifier.incidents()).map(({ cause, subject, severity, count }) => ({ cause, subject, severity, count }));
const rejected = async () => (await state.query({ collection: 'rejected' })).map(({ value }) => value);
const failing = (error: Error) => { flow = () => Promise.reject(error); };
const fault = (options: Partial<PipelineErrorOptions>) => new PipelineError({ code: 'source-unavailable', disposition: 'retry', message: 'no answer', ...options });

describe('a delivery', () => {
  it('runs its flow once, however often and at however many instances it comes', async () => {
    expect(await post(hosted(), push())).toEqual({ status: 200, body: { outcome: 'written', rows: 3 } });
    for (const id of ['one', 'two']) expect(await post(hosted({ id }), push())).toEqual({ status: 200, body: { outcome: 'duplicate' } });
    await post(hosted(), push({ game: 'g2' }, 'other work'));
    expect(runs).toEqual(['g1', 'g2']);
  });

  it('is sent again while another has it in hand, and taken over when the lease ends or the holder is gone', async () => {
    const answers: number[] = [];
    flow = async () => {
      answers.push((await post(hosted({ id: 'two' }), push())).status);
      flow = async () => ({ outcome: 'taken over' });
      answers.push((await post(hosted({ id: 'three', gone: ['one'] }), push())).status);
      return { outcome: 'late' };
    };
    await post(hosted(), push());
    expect([answers, runs]).toEqual([[503, 200], ['g1', 'g1']]);
    expect(await post(hosted(), push())).toMatchObject({ body: { outcome: 'duplicate' } });
    expect((await state.get({ collection: 'claims_phase3-analytics', id: 'phase3-trigger-work' }))?.value).toMatchObject({ holder: 'three', outcome: 'taken over' });
  });

  it('takes a key that is no document id, and keeps two such keys apart', async () => {
    const host = hosted();
    for (const key of ['raw/2026-01-24/'.padEnd(200, '東'), 'raw/2026-01-25/'.padEnd(200, '東')]) {
      expect(await post(host, push({ game: key.slice(0, 14) }, key))).toMatchObject({ status: 200, body: { outcome: 'written' } });
      expect(await post(host, push({ game: key.slice(0, 14) }, key))).toMatchObject({ body: { outcome: 'duplicate' } });
    }
    expect(runs).toEqual(['raw/2026-01-24', 'raw/2026-01-25']);
  });

  it.each<[string, () => unknown]>([
    ['with a payload that breaks its contract', () => push({ game: 7 })],
    ['of a topic without a route', () => push({ game: 'g1' }, 'work', 'phase4-trigger')],
    ['that is no push body', () => ({ hello: 'Dončić' })],
    ['without any body', () => undefined],
    ['of another function\'s job', () => ({ job: 'outbox-sweeper', scheduledAt: clock.now() })],
  ])('%s is answered 200, kept whole, and alerted', async (_, body) => {
    expect(await post(hosted(), body())).toMatchObject({ status: 200, body: { outcome: 'rejected', code: 'malformed-message' } });
    expect(await rejected()).toMatchObject([{ function: 'phase3-analytics', code: 'malformed-message', body: JSON.stringify(body() ?? null) }]);
    expect(await incidents()).toEqual([{ cause: 'malformed-message', subject: 'phase3-analytics', severity: 'error', count: 1 }]);
    expect(runs).toEqual([]);
  });

  it('without an id is kept under its content: two that differ are two', async () => {
    for (const body of [{ a: 1 }, { a: 2 }]) await post(hosted(), body);
    expect(await rejected()).toHaveLength(2);
  });
});

describe('an error with disposition', () => {
  it('retry: is answered 503 without an alert, and the next delivery gets the work', async () => {
    failing(fault({}));
    expect(await post(hosted(), push())).toMatchObject({ status: 503, body: { outcome: 'retry', code: 'source-unavailable' } });
    flow = async () => ({ outcome: 'written' });
    expect(await post(hosted({ id: 'two' }), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
    expect([runs.length, await incidents()]).toEqual([2, []]);
  });

  it('reject: is answered 200, kept with its payload, alerted at the severity of the catalogue, and never run again', async () => {
    failing(fault({ code: 'unknown-output', disposition: 'reject', facts: { output: 'x' } }));
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'rejected', code: 'unknown-output' } });
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
    expect(await rejected()).toMatchObject([{ code: 'unknown-output', work: 'phase3-trigger-work', payload: { game: 'g1' }, facts: { output: 'x' } }]);
    expect(await incidents()).toEqual([{ cause: 'unknown-output', subject: 'phase3-trigger-work', severity: 'critical', count: 1 }]);
  });

  it.each<[string, number | undefined]>([['its own end', 30], ['none, after 5 minutes', undefined]])('defer: is answered 200, alerted, and delivered again at %s', async (_, waitMin) => {
    const dueAt = after(clock.now(), minutes(waitMin ?? 5));
    failing(fault({ code: 'warehouse-table-missing', disposition: 'defer', ...(waitMin === undefined ? {} : { until: dueAt }) }));
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'deferred', until: dueAt } });
    expect(await incidents()).toEqual([{ cause: 'platform-fault', subject: 'warehouse-table-missing', severity: 'critical', count: 1 }]);
    const delays = new StateDelayQueue(state, bus);
    expect(await delays.deliverDue(epochMs(dueAt - 1), 10)).toBe(0);
    expect([await delays.deliverDue(dueAt, 10), published]).toEqual([1, ['phase3-trigger work']]);
    flow = async () => ({ outcome: 'written' });
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
  });

  it('none, being a bug: is answered 500, alerted, and sent again', async () => {
    failing(new TypeError('rows is not iterable'));
    for (let delivery = 0; delivery < 2; delivery += 1) expect(await post(hosted(), push())).toEqual({ status: 500, body: { outcome: 'failed' } });
    expect([runs.length, await incidents()]).toEqual([2, [{ cause: 'function-failed', subject: 'phase3-analytics', severity: 'error', count: 2 }]]);
  });
});

/** The state store, of which some methods fail. */
const without = (broken: Partial<StateStore>): StateStore => ({
  get: (...call: Parameters<StateStore['get']>) => state.get(...call), create: (...call) => state.create(...call), update: (...call) => state.update(...call),
  batch: (...call) => state.batch(...call), transact: (...call) => state.transact(...call), query: (...call: Parameters<StateStore['query']>) => state.query(...call),
  increment: (...call) => state.increment(...call), ...broken,
});
const denied = () => Promise.reject(fault({ code: 'state-permission-denied', disposition: 'defer' }));

describe('without the state store', () => {
  it('nothing is run or acknowledged, and people are told', async () => {
    expect(await post(hosted({ store: without({ get: denied }) }), push())).toMatchObject({ status: 503, body: { code: 'state-permission-denied' } });
    expect([runs, await incidents()]).toEqual([[], [{ cause: 'platform-fault', subject: 'state-permission-denied', severity: 'critical', count: 1 }]]);
  });

  it.each<[string, Error, Partial<StateStore>]>([
    ['deferred', fault({ code: 'warehouse-table-missing', disposition: 'defer' }), { transact: denied }],
    ['rejected', fault({ code: 'unknown-output', disposition: 'reject' }), { batch: denied }],
  ])('work that should be %s and cannot be kept is not acknowledged, and the next delivery finds it free', async (_, error, broken) => {
    failing(error);
    expect(await post(hosted({ store: without(broken) }), push())).toMatchObject({ status: 503, body: { code: 'state-permission-denied' } });
    flow = async () => ({ outcome: 'written' });
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
  });

  it('a malformed message that cannot be kept is not acknowledged', async () => {
    expect(await post(hosted({ store: without({ batch: denied }) }), {})).toMatchObject({ status: 503 });
  });

  it('a health check is answered 503', async () => {
    expect(await hosted({ store: without({ get: denied }) })({ method: 'GET', path: '/', headers: {}, body: undefined })).toMatchObject({ status: 503 });
  });
});

describe('a tick', () => {
  const tick = () => ({ job: 'phase3-analytics', scheduledAt: clock.now() });

  it('runs once for one moment, and again for the next', async () => {
    for (let call = 0; call < 2; call += 1) await post(hosted(), tick());
    clock.advance(seconds(60));
    await post(hosted(), tick());
    expect(runs).toHaveLength(2);
  });

  it('that is deferred is alerted and not scheduled: the next one comes anyway', async () => {
    failing(fault({ code: 'warehouse-table-missing', disposition: 'defer' }));
    expect(await post(hosted(), tick())).toMatchObject({ status: 200, body: { outcome: 'deferred' } });
    expect([await state.query({ collection: 'deferred' }), (await incidents()).length]).toEqual([[], 1]);
  });

  it('is refused by a function without a schedule', async () => {
    const { name, config, routes } = definition;
    expect(await post(hosted({ at: { name, config, routes } }), tick())).toMatchObject({ status: 200, body: { outcome: 'rejected', problem: 'this function has no schedule' } });
  });
});
