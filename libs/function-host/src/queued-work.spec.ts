import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, epochMs, gameDate, hours, minutes, OfficialGameId, PipelineError, type PhaseTriggered } from '@handoff/contracts';
import { deadLetterRef, type DeadLetterDocument } from '@handoff/dead-letters';
import { IncidentNotifier } from '@handoff/notifier-state';
import { route, type FunctionDefinition, type Ports, type StateStore } from '@handoff/ports';
import { beginTry } from '@handoff/retry';
import { retryRef, type RetryDocument } from '@handoff/retry-queue';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failedWorkOf } from './failed-work.ts';
import { encodePush, hostFunction, type HostedFunction, type HostRequest } from './index.ts';

const clock = new ManualClock();
const unavailable = new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'no answer' });
let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let notifier: IncidentNotifier;
let fails: (error: Error) => void;
let definition: FunctionDefinition<object>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-queued-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  notifier = new IncidentNotifier({ state });
  let failure: Error;
  fails = (error) => { failure = error; };
  definition = { name: 'phase3-analytics', config: z.object({}), routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.reject(failure))] };
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const forwarded = (store: StateStore): StateStore => ({
  get: (ref) => store.get(ref), create: (...call) => store.create(...call), update: (...call) => store.update(...call), batch: (writes) => store.batch(writes),
  transact: (...call) => store.transact(...call), query: (query) => store.query(query), increment: (...call) => store.increment(...call),
});

function hostOn(store: StateStore): HostedFunction {
  const ports = { clock, state: store, bus: { publish: async () => ({ messageId: 'm' }) }, warehouse: {}, objects: {}, delays: {}, notifier, log: silentLog, random: { next: () => 0 } } as unknown as Ports;
  return hostFunction({ definition, config: {}, ports, instance: { id: 'one', isGone: () => false } });
}
const delivery = (attempt: number, redrive?: string, key = 'work'): HostRequest => ({
  method: 'POST', path: '/', headers: {},
  body: encodePush({ subscription: 'phase3-trigger--phase3-analytics', messageId: 'm1', publishedAt: clock.now(), attempt, message: { key, correlationId: 'chain', payload: { game: 'g1' }, ...(redrive === undefined ? {} : { redrive }) } }),
});
/** The function's answer to a delivery of its message. */
const delivered = (attempt: number, store: StateStore = state) => hostOn(store)(delivery(attempt));
const queue = async () => (await state.query<RetryDocument>({ collection: 'retry_queue' })).map(({ value }) => value.item);

describe('work that keeps failing', () => {
  it('is the retry queue\'s after the last delivery, and acknowledged', async () => {
    fails(unavailable);
    for (const attempt of [1, 2, 3, 4]) expect(await delivered(attempt)).toMatchObject({ status: 503, body: { outcome: 'retry' } });
    expect(await queue()).toEqual([]);
    expect(await delivered(5)).toMatchObject({ status: 200, body: { outcome: 'queued', code: 'state-unavailable' } });
    expect(await queue()).toMatchObject([{ kind: 'analytics', status: 'pending', retryCount: 0, dueAt: after(clock.now(), minutes(15)), failure: { type: 'transient', code: 'state-unavailable' }, redo: { topic: 'phase3-trigger', payload: { game: 'g1' }, messageKey: 'work' } }]);
  });

  it('goes back to the queue after one delivery in a try that the queue began', async () => {
    fails(unavailable);
    await delivered(5);
    const [item] = await queue();
    await state.batch([{ kind: 'set', ref: retryRef(item!.workKey), value: { item: beginTry(item!, clock.now(), hours(2)), isActive: true, updatedAt: clock.now() } }]);
    expect(await delivered(1)).toMatchObject({ status: 200, body: { outcome: 'queued' } });
    expect(await queue()).toMatchObject([{ status: 'pending', retryCount: 1, dueAt: after(clock.now(), minutes(30)) }]);
  });

  it('on an error that nobody classified is no matter of the queue: it is for the dead letters', async () => {
    fails(new Error('a bug'));
    expect(await delivered(5)).toMatchObject({ status: 500 });
    expect(await queue()).toEqual([]);
  });

  it('is not acknowledged where the queue cannot take it', async () => {
    fails(unavailable);
    expect((await delivered(5, { ...forwarded(state), transact: () => Promise.reject(unavailable) })).status).toBe(503);
  });

  it('stands in the queue as given up when it can never succeed', async () => {
    fails(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'no such output' }));
    await delivered(1);
    expect(await queue()).toMatchObject([{ status: 'failed_permanent', retryCount: 0, failure: { type: 'permanent', code: 'unknown-output' } }]);
    expect((await notifier.incidents()).map(({ cause }) => cause)).toEqual(['unknown-output']);
  });
});

it('the loss of the state store is told by the instance that met it, and its return by the same, when work ends again', async () => {
  let isGone = true;
  const denied = new PipelineError({ code: 'state-permission-denied', disposition: 'defer', message: 'no permission' });
  const store: StateStore = { ...forwarded(state), get: (ref) => (isGone ? Promise.reject(denied) : state.get(ref)) };
  definition = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.resolve({ outcome: 'written' }))] };
  const host = hostOn(store);
  const open = async () => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause, subject }) => `${cause} ${subject}`);
  expect((await host(delivery(1))).status).toBe(503);
  expect(await open()).toEqual(['platform-fault state']);
  isGone = false;
  expect((await host(delivery(2))).status).toBe(200);
  expect(await open()).toEqual([]);
});

it('what people were told of refused work is over when the work is sent again and done', async () => {
  const open = async () => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause }) => cause);
  fails(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'no such output' }));
  await delivered(1);
  expect(await open()).toEqual(['unknown-output']);
  definition = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.resolve({ outcome: 'written' }))] };
  await hostOn(state)(delivery(1, 'again'));
  expect(await open()).toEqual([]);
});

it('the incident of dead letters is over when the last of its subscription is sent again and done', async () => {
  const subscription = 'phase3-trigger--phase3-analytics';
  const letter = (key: string): DeadLetterDocument => ({
    status: 'waiting', subscription, message: { key, correlationId: 'chain', payload: {} }, messageId: key, letters: 1, deliveries: 5, tries: 5, publishedAt: clock.now(), keptAt: clock.now(), redrives: 0, redriveAt: null, isTold: true, reason: 'a bug',
  });
  for (const key of ['work', 'other']) await state.create(deadLetterRef(letter(key)), letter(key));
  await notifier.alert({ cause: 'message-dead-lettered', subject: subscription, severity: 'error', title: 'two', facts: {}, at: clock.now() });
  definition = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.resolve({ outcome: 'written' }))] };
  const open = async () => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).length;
  await hostOn(state)(delivery(1, 'again'));
  expect(await open()).toBe(1);
  await hostOn(state)(delivery(1, 'again', 'other'));
  expect(await open()).toBe(0);
});

describe('a dead letter that is sent again', () => {
  const subscription = 'phase3-trigger--phase3-analytics';
  const letter: DeadLetterDocument & { readonly message: { readonly key: string } } = {
    status: 'waiting', subscription, message: { key: 'work', correlationId: 'chain', payload: {} }, messageId: 'work', letters: 1, deliveries: 5, tries: 5, publishedAt: clock.now(), keptAt: clock.now(), redrives: 0, redriveAt: null, isTold: true, reason: 'a bug',
  };
  const status = async () => (await state.get<DeadLetterDocument>(deadLetterRef(letter)))?.value.status;
  const open = async () => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause }) => cause);
  beforeEach(async () => {
    await state.create(deadLetterRef(letter), letter);
    await notifier.alert({ cause: 'message-dead-lettered', subject: subscription, severity: 'error', title: 'one', facts: {}, at: clock.now() });
  });

  it.each(['get', 'query'] as const)('and whose function is cut off at its %s after the work is done is settled by the next delivery', async (cut) => {
    definition = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.resolve({ outcome: 'written' }))] };
    const cutOff: StateStore = {
      ...forwarded(state),
      get: (ref) => (cut === 'get' && ref.collection === 'rejected' ? Promise.reject(unavailable) : state.get(ref)),
      query: (query) => (cut === 'query' ? Promise.reject(unavailable) : state.query(query)),
    };
    expect((await hostOn(cutOff)(delivery(1, 'again'))).status).toBe(503);
    expect(await open()).toEqual(['message-dead-lettered']);
    expect(await hostOn(state)(delivery(2, 'again'))).toMatchObject({ status: 200, body: { outcome: 'duplicate' } });
    expect([await open(), await status()]).toEqual([[], 'settled']);
  });

  it('and refused, having been sent again by itself, is told of by its refusal alone', async () => {
    await state.batch([{ kind: 'set', ref: deadLetterRef(letter), value: { ...letter, status: 'redriven', redrives: 4 } satisfies DeadLetterDocument }]);
    fails(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'no such output' }));
    expect(await hostOn(state)(delivery(1, 'again'))).toMatchObject({ body: { outcome: 'rejected' } });
    expect([await open(), await status()]).toEqual([['unknown-output'], 'settled']);
  });

  it('and refused waits on, however often that delivery is repeated', async () => {
    fails(new PipelineError({ code: 'unknown-output', disposition: 'reject', message: 'no such output' }));
    expect(await hostOn(state)(delivery(1, 'again'))).toMatchObject({ body: { outcome: 'rejected' } });
    expect(await hostOn(state)(delivery(2, 'again'))).toMatchObject({ body: { outcome: 'duplicate' } });
    expect([(await open()).toSorted(), await status()]).toEqual([['message-dead-lettered', 'unknown-output'], 'waiting']);
  });
});

it('a bug at the end of a claim is told although the claim cannot be released either', async () => {
  definition = { ...definition, routes: [route('phase3-trigger', z.object({ game: z.string() }), () => Promise.resolve({ outcome: 'written' }))] };
  const store: StateStore = { ...forwarded(state), batch: () => Promise.reject(new TypeError('a bug')), update: () => Promise.reject(unavailable) };
  expect((await delivered(1, store)).status).toBe(503);
  expect((await notifier.incidents()).map(({ cause, facts }) => [cause, facts['error']])).toEqual([['function-failed', 'a bug']]);
});

it.each([['of a log is told nothing: an event that the log cannot take either would be the next dead letter', 'pipeline-events--pipeline_event_log', 0], ['of work is told', 'phase3-trigger--phase3-analytics', 1]])('the history of a dead letter %s', async (_, subscription, told) => {
  const published: string[] = [];
  const keeping: FunctionDefinition<object> = { name: 'dead-letter-redrive', config: z.object({}), routes: [], onDeadLetter: () => Promise.resolve({ outcome: 'redriven' }) };
  const ports = { state, clock, bus: { publish: async (topic: string) => { published.push(topic); return { messageId: 'm' }; } }, notifier, log: silentLog, warehouse: {}, objects: {}, delays: {} } as unknown as Ports;
  const host = hostFunction({ definition: keeping, config: {}, ports, instance: { id: 'one', isGone: () => false } });
  const body = encodePush({ subscription: `dead-letters.${subscription}`, messageId: 'm1', publishedAt: clock.now(), attempt: 1, deadDeliveries: 5, message: { key: 'k', correlationId: 'c', payload: { a: 1 } } });
  expect(await host({ method: 'POST', path: '/', headers: {}, body })).toMatchObject({ status: 200, body: { outcome: 'redriven' } });
  expect(published).toHaveLength(told);
});

describe('the work of a message', () => {
  const games = ['0022500645', '0022500646'].map((game) => OfficialGameId.parse(game));
  const run = { gameDate: gameDate('2026-01-24'), revision: 1, releaseId: 'r', games, isDegraded: false, missing: [], upgrades: false, sourceVersionAt: epochMs(1_769_313_600_000) };
  const trigger = (over: Partial<PhaseTriggered>): PhaseTriggered => ({ sport: 'nba', purpose: 'live', triggerId: 't', phase: 'phase3', flow: 'postgame', runs: [run], ...over });
  const files = { sport: 'nba', purpose: 'live', executionId: 'e', workflow: 'w', gameDate: '2026-01-24', untilDate: '2026-01-24', fetchedAt: 1_769_313_600_000 };
  const stored = (path: string) => ({ ...files, files: [{ path, contentHash: 'a'.repeat(64) }] });
  const of = (payload: object) => failedWorkOf('phase3-analytics', 'phase3-trigger', { key: 'k', correlationId: 'chain', payload: payload as Record<string, unknown> });

  it.each<readonly [what: string, payload: object, awaits: object | null]>([
    ['a postgame run awaits the rows of each game', trigger({}), { gameDate: '2026-01-24', outputs: ['nba_analytics.player_game_summary', 'nba_analytics.team_offense_game_summary', 'nba_analytics.team_defense_game_summary'], games }],
    ['a pregame run awaits rows of its date', trigger({ phase: 'phase4', flow: 'pregame' }), { gameDate: '2026-01-24', outputs: ['nba_precompute.player_daily_cache', 'nba_predictions.ml_feature_store_v2'], games: [] }],
    ['grading awaits none: a date may have no predictions', trigger({ phase: 'phase6-grade' }), null],
    ['history awaits none: its dates are too many to look at', trigger({ runs: [run, run] }), null],
    ['a box score file awaits rows of its date', stored('ball-dont-lie/player-box-scores/2026-01-24/a.json'), { gameDate: '2026-01-24', outputs: ['nba_raw.bdl_player_boxscores'], games: [] }],
    ['lines await none: there may rightly be none yet', stored('odds-api/player-props/2026-01-24/a.json'), null],
    ['a file under no prefix awaits none', stored('nowhere/2026-01-24/a.json'), null],
    ['what is no message of ours awaits none', { hello: 'world' }, null],
  ])('%s', (_, payload, awaits) => {
    expect(of(payload)?.awaits ?? null).toEqual(awaits);
  });

  it.each([[{ gameDate: '2026-01-24' }, '2026-01-24'], [{ run: { gameDate: '2026-01-23' } }, '2026-01-23'], [{ runs: [{ gameDate: '2026-01-22' }] }, '2026-01-22'], [{ completions: [{ gameDate: '2026-01-21' }] }, '2026-01-21'], [{ runs: [] }, null], [{}, null]])('of %j is of the date %s', (payload, date) => {
    expect(of(payload)?.gameDate ?? null).toBe(date);
  });

  it('of the machinery itself is not the queue\'s', () => {
    expect(failedWorkOf('outbox-sweeper', 'phase3-trigger', { key: 'k', correlationId: 'c', payload: {} })).toBeUndefined();
  });
});
