import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableNamed } from '@handoff/catalogue';
import { after, epochMs, gameDate, hours, minutes, OfficialGameId, PipelineError, rowOfWire, seconds, type PhaseTriggered, type PipelineErrorOptions, type PipelineEventRow } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { IncidentNotifier } from '@handoff/notifier-state';
import { route, triggerRoute, type FlowContext, type FlowReport, type FunctionDefinition, type Log, type MessageBus, type OutgoingMessage, type Ports, type StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { publishPendingHistory } from '@handoff/outbox';
import { encodePush, hostFunction, type HostedFunction, type Instance } from './index.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silent };
const published: string[] = [];
const eventLog = tableNamed('nba_orchestration.pipeline_event_log');
const events: PipelineEventRow[] = [];
const bus: MessageBus = { publish: async (topic: string, message: OutgoingMessage) => {
  if (topic === 'pipeline-events') events.push(rowOfWire(eventLog, message.payload) as PipelineEventRow);
  else published.push(`${topic} ${message.key}`);
  return { messageId: 'm' };
} };

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let clock: ManualClock;
let notifier: IncidentNotifier;
let runs: string[];
/** What the flow of the hosted function does; a test sets it. */
let flow: (game: string) => Promise<FlowReport>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-host-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  clock = new ManualClock();
  notifier = new IncidentNotifier({ state });
  runs = [];
  published.length = 0;
  events.length = 0;
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
  readonly through?: MessageBus;
}

function hosted({ id = 'one', gone = [], store = state, at = definition, through = bus }: Hosting = {}): HostedFunction {
  const instance: Instance = { id, isGone: (holder) => gone.includes(holder) };
  const ports = { clock, state: store, bus: through, warehouse: {}, objects: {}, delays: new StateDelayQueue(store, through), notifier, log: silent, random: { next: () => 0 } } as unknown as Ports;
  return hostFunction({ definition: at, config: {}, ports, instance });
}
const post = (host: HostedFunction, body: unknown) => host({ method: 'POST', path: '/', headers: {}, body });
const push = (payload: Record<string, unknown> = { game: 'g1' }, key = 'work', topic = 'phase3-trigger', attempt = 1) =>
  encodePush({ subscription: `${topic}--phase3-analytics`, messageId: `message of ${key}`, publishedAt: clock.now(), attempt, message: { key, correlationId: 'chain', payload } });
const redriven = (redrive: string) => encodePush({ subscription: 'phase3-trigger--phase3-analytics', messageId: `sent again ${redrive}`, publishedAt: clock.now(), attempt: 1, message: { key: 'work', correlationId: 'chain', payload: { game: 'g1' }, redrive } });
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

describe('work that was rejected', () => {
  beforeEach(async () => {
    failing(fault({ disposition: 'reject' }));
    await post(hosted(), push());
    flow = async () => ({ outcome: 'written' });
  });

  it('is taken up once by a message that was sent again, however often that comes', async () => {
    expect(await post(hosted(), push())).toMatchObject({ body: { outcome: 'duplicate' } });
    expect(await post(hosted(), redriven('one'))).toMatchObject({ status: 200, body: { outcome: 'written' } });
    for (const body of [redriven('one'), redriven('two'), push()]) expect(await post(hosted(), body)).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
    expect(runs).toEqual(['g1', 'g1']);
  });

  it('and is rejected again waits for the next redrive, not for a repetition of the last', async () => {
    failing(fault({ disposition: 'reject' }));
    expect(await post(hosted(), redriven('one'))).toMatchObject({ body: { outcome: 'rejected' } });
    expect(await post(hosted(), redriven('one'))).toMatchObject({ body: { outcome: 'duplicate' } });
    flow = async () => ({ outcome: 'written' });
    expect(await post(hosted(), redriven('two'))).toMatchObject({ body: { outcome: 'written' } });
  });

  it('and is to be retried after a redrive is free for the next delivery, and remembers the redrive', async () => {
    failing(fault({}));
    expect(await post(hosted(), redriven('one'))).toMatchObject({ status: 503 });
    failing(fault({ disposition: 'reject' }));
    expect(await post(hosted(), push())).toMatchObject({ body: { outcome: 'rejected' } });
    expect(await post(hosted(), redriven('one'))).toMatchObject({ body: { outcome: 'duplicate' } });
  });

  it('and is deferred after a redrive is published with it when due', async () => {
    failing(fault({ code: 'warehouse-table-missing', disposition: 'defer' }));
    await post(hosted(), redriven('one'));
    expect((await state.query({ collection: 'deferred' })).map(({ value }) => value['message'])).toMatchObject([{ key: 'work', redrive: 'one' }]);
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

  it('defer until a time: is answered 200 and delivered again then, without an alert', async () => {
    const dueAt = after(clock.now(), minutes(30));
    failing(fault({ code: 'warehouse-streaming-buffer', disposition: 'defer', until: dueAt }));
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'deferred', until: dueAt } });
    expect(await incidents()).toEqual([]);
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
    expect([runs, await incidents()]).toEqual([[], [{ cause: 'platform-fault', subject: 'state', severity: 'critical', count: 1 }]]);
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

  it('that ends well after one that was deferred tells that the resource is back; a message that does not need it tells nothing', async () => {
    const host = hosted();
    failing(fault({ code: 'warehouse-table-missing', disposition: 'defer' }));
    await post(host, tick());
    flow = async () => ({ outcome: 'written' });
    const open = async () => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).length;
    await post(host, push());
    expect(await open()).toBe(1);
    clock.advance(minutes(1));
    await post(host, tick());
    expect(await open()).toBe(0);
  });

  it('is refused by a function without a schedule', async () => {
    const { name, config, routes } = definition;
    expect(await post(hosted({ at: { name, config, routes } }), tick())).toMatchObject({ status: 200, body: { outcome: 'rejected', problem: 'this function has no schedule' } });
  });
});

describe('the history', () => {
  const told = () => events.map(({ event_type: type, run_id: run, status, outcome, attempt, error_code: code }) => ({ type, run, status, outcome, attempt, code }));
  const retry = async () => { throw new PipelineError({ code: 'source-unavailable', disposition: 'retry', message: 'away' }); };

  it('is told of every attempt, and of a duplicate nothing', async () => {
    flow = retry;
    await post(hosted(), push());
    flow = async () => ({ outcome: 'written' });
    await post(hosted(), push());
    await post(hosted(), push());
    const run = 'phase3-analytics|phase3-trigger-work';
    expect(told()).toEqual([
      { type: 'function-run', run, status: 'to-be-retried', outcome: 'retry', attempt: 1, code: 'source-unavailable' },
      { type: 'function-run', run, status: 'complete', outcome: 'written', attempt: 2, code: null },
    ]);
    expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(2);
  });

  it('has the end of a run once, whoever tells it: of a batch’s answers several may find it ended', async () => {
    const ended = { kind: 'phase-run', runId: 'r1', name: 'phase5', phase: 'phase5', flow: 'pregame', gameDate: gameDate('2026-01-24'), revision: 1, status: 'complete', startedAt: clock.now(), games: 1, rows: 1 } as const;
    flow = async () => ({ outcome: 'batch-complete', ended: [ended] });
    await post(hosted(), push());
    await post(hosted(), push({ game: 'g1' }, 'another-answer'));
    const ids = events.map(({ event_type: type, event_id: id }) => `${type} ${id}`);
    expect(new Set(ids.filter((one) => one.startsWith('phase-run'))).size).toBe(1);
    expect(new Set(ids.filter((one) => one.startsWith('function-run'))).size).toBe(2);
  });

  it('is kept in the outbox by a bus that is away, and the work is done nevertheless', async () => {
    const away: MessageBus = { publish: async () => { throw new PipelineError({ code: 'bus-unavailable', disposition: 'retry', message: 'away' }); } };
    expect(await post(hosted({ through: away }), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
    expect(await post(hosted(), push())).toMatchObject({ body: { outcome: 'duplicate' } });
    expect(events).toEqual([]);
    expect(await publishPendingHistory({ state, bus }, 10)).toBe(1);
    expect(told()).toMatchObject([{ status: 'complete', outcome: 'written' }]);
  });

  it('that meets a bug of the bus leaves the work done and its message taken, and the bug is reported', async () => {
    const broken: MessageBus = { publish: async () => { throw new TypeError('no such method'); } };
    expect(await post(hosted({ through: broken }), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
    expect(await incidents()).toEqual([{ cause: 'function-failed', subject: 'phase3-analytics', severity: 'error', count: 1 }]);
    expect([await post(hosted(), push()), runs]).toMatchObject([{ body: { outcome: 'duplicate' } }, ['g1']]);
  });

  it('is not told of a tick that found nothing to do', async () => {
    flow = async () => ({ outcome: 'nothing-due' });
    await post(hosted(), { job: 'phase3-analytics', scheduledAt: clock.now() });
    expect(events).toEqual([]);
  });

  it.each<[string, Error]>([['deferred', fault({ disposition: 'defer' })], ['to be retried', fault({})], ['failed', new TypeError('no')]])('is not told of an attempt at publishing it that was %s', async (_, error) => {
    failing(error);
    await post(hosted({ at: { ...definition, publishesHistory: true } }), { job: 'phase3-analytics', scheduledAt: clock.now() });
    expect([events, await state.query({ collection: 'history_outbox' })]).toEqual([[], []]);
  });

  const trigger: PhaseTriggered = {
    sport: 'nba', purpose: 'live', triggerId: 'r1', phase: 'phase3', flow: 'postgame',
    runs: [{ gameDate: gameDate('2026-01-24'), revision: 1, releaseId: 'r1', games: [OfficialGameId.parse('0022500641')], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: epochMs(1_769_256_000_000) }],
  };
  const phase = (run: () => Promise<FlowReport>): FunctionDefinition<object> => ({ ...definition, routes: [triggerRoute('phase3-trigger', run)] });

  it('is told of a phase run that was refused for good as failed', async () => {
    const rejecting = phase(async () => { throw new PipelineError({ code: 'phase-unknown', disposition: 'reject', message: 'no' }); });
    await post(hosted({ at: rejecting }), push({ ...trigger }));
    expect(told()).toMatchObject([{ type: 'function-run', status: 'rejected' }, { type: 'phase-run', run: 'r1', status: 'failed', code: 'phase-unknown' }]);
  });

  it('is told of 900 runs that end with one message, which is worked on once', async () => {
    flow = async () => ({ outcome: 'written', ended: Array.from({ length: 900 }, (_, index) => ({ kind: 'phase-run', runId: `r${index}`, name: 'phase3', phase: 'phase3', flow: 'postgame', gameDate: gameDate('2026-01-24'), revision: 1, status: 'complete', startedAt: clock.now(), games: 1, rows: 1 }) as const) });
    expect(await post(hosted(), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
    expect([await post(hosted(), push()), runs]).toMatchObject([{ body: { outcome: 'duplicate' } }, ['g1']]);
    expect([new Set(events.map(({ run_id: run }) => run)).size, await state.query({ collection: 'history_outbox' })]).toEqual([901, []]);
  });

  it('is told of no end of a phase run that will be tried again', async () => {
    await post(hosted({ at: phase(retry) }), push({ ...trigger }));
    expect(told().filter(({ type }) => type === 'phase-run')).toEqual([]);
  });

  it('has rows that fit the table', async () => {
    await post(hosted(), push());
    expect(events).toMatchObject([{ function_name: 'phase3-analytics', trigger_source: 'message', trigger_key: 'work', metadata: { rows: 3 }, duration_seconds: 0 }]);
  });
});

describe('a worker that was given up for lost', () => {
  const write = ({ ports }: FlowContext, id: string): Promise<void> => ports.state.create({ collection: 'written', id }, {});

  it('writes nothing once another has taken its work over, and its message is sent again to be dropped', async () => {
    let isFirst = true;
    const successor: FunctionDefinition<object> = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), async (_, context) => {
      if (!isFirst) return { outcome: 'written by the second' };
      isFirst = false;
      await write(context, 'in time');
      // The request has timed out, the instance runs on; its message was delivered to another.
      clock.advance(hours(1));
      expect(await post(hosted({ id: 'two', at: successor }), push())).toMatchObject({ status: 200, body: { outcome: 'written by the second' } });
      await write(context, 'too late');
      return { outcome: 'written by the first' };
    })] };
    expect(await post(hosted({ id: 'one', at: successor }), push())).toMatchObject({ status: 503, body: { outcome: 'claim-lost' } });
    expect((await state.query({ collection: 'written' })).map(({ ref }) => ref.id)).toEqual(['in time']);
    expect(await post(hosted({ id: 'one', at: successor }), push())).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
  });

  it('whose lease only ran out goes on, and nobody takes over meanwhile', async () => {
    const slow: FunctionDefinition<object> = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), async (_, context) => {
      clock.advance(minutes(10));
      await write(context, 'late');
      expect(await post(hosted({ id: 'two', at: slow }), push())).toMatchObject({ status: 503, body: { outcome: 'held' } });
      return { outcome: 'written' };
    })] };
    expect(await post(hosted({ id: 'one', at: slow }), push())).toMatchObject({ status: 200, body: { outcome: 'written' } });
  });
});
