import { after, epochMs, minutes } from '@handoff/contracts';
import type { HttpSource, MessageBus, Notice, NoticeChannel, ObjectStore, OutgoingMessage, Scheduler, StateStore, Warehouse } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { ManualClock } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { FaultPlan, FaultyBus, faultyChannel, faultyObjects, faultyScheduler, faultySource, faultyState, faultyWarehouse, type Fault, type FaultKind } from './index.ts';

const clock = new ManualClock();
const planOf = (...faults: readonly Fault[]) => new FaultPlan({ faults, clock, random: new SeededRandom(1) });

/** A port that answers every call with what was called, and remembers it. */
function echo<Port extends object>(): { readonly port: Port; readonly calls: string[] } {
  const calls: string[] = [];
  const port = new Proxy({}, { get: (_, name) => async (): Promise<string> => { calls.push(String(name)); return String(name); } });
  return { port: port as Port, calls };
}

const ref = { collection: 'things', id: 'a' };
const stateCalls: readonly (readonly [string, (state: StateStore) => Promise<unknown>])[] = [
  ['get', (state) => state.get(ref)], ['create', (state) => state.create(ref, {})], ['update', (state) => state.update(ref, {}, '1')], ['batch', (state) => state.batch([])],
  ['transact', (state) => state.transact([], () => ({ writes: [], result: 1 }))], ['query', (state) => state.query({ collection: 'things' })], ['increment', (state) => state.increment(ref, 'count', 1)],
];

describe('a faulty state store', () => {
  it.each(stateCalls)('refuses %s before it has taken effect, and lets the next one through', async (name, call) => {
    const { port, calls } = echo<StateStore>();
    const plan = planOf({ target: 'state', kind: 'permission-denied', times: 1 });
    const state = faultyState(port, plan);
    await expect(call(state)).rejects.toMatchObject({ code: 'state-permission-denied', disposition: 'defer' });
    expect(calls).toEqual([]);
    expect(await call(state)).toBe(name);
    expect(plan.fired()).toMatchObject([{ fired: 1 }]);
  });

  it.each<FaultKind>(['unavailable', 'error', 'timeout', 'quota-exceeded'])('that is %s asks for a retry', async (kind) => {
    await expect(faultyState(echo<StateStore>().port, planOf({ target: 'state', kind })).get(ref)).rejects.toMatchObject({ code: 'state-unavailable', disposition: 'retry' });
  });
});

describe('a faulty warehouse', () => {
  const statement = { name: 's', text: 'SELECT 1 FROM `raw.scores` JOIN `raw.games` USING (id)' };

  it.each<[FaultKind, string, string]>([
    ['unavailable', 'warehouse-unavailable', 'retry'], ['permission-denied', 'warehouse-permission-denied', 'defer'], ['not-found', 'warehouse-table-missing', 'defer'],
    ['schema-mismatch', 'warehouse-schema-mismatch', 'defer'], ['quota-exceeded', 'warehouse-quota-exceeded', 'defer'], ['streaming-buffer', 'warehouse-streaming-buffer', 'defer'],
  ])('%s is %s (%s)', async (kind, code, disposition) => {
    await expect(faultyWarehouse(echo<Warehouse>().port, planOf({ target: 'warehouse', kind })).execute(statement)).rejects.toMatchObject({ code, disposition });
  });

  it('is so for the tables that the fault names: in any statement over them, and in merges', async () => {
    const { port, calls } = echo<Warehouse>();
    const warehouse = faultyWarehouse(port, planOf({ target: 'warehouse:raw.games', kind: 'unavailable' }));
    await expect(warehouse.query(statement)).rejects.toThrow('warehouse:raw.games');
    await expect(warehouse.merge({ table: 'raw.games', rows: [] })).rejects.toThrow('warehouse:raw.games');
    await warehouse.merge({ table: 'raw.scores', rows: [] });
    await warehouse.query({ name: 't', text: 'SELECT 1 FROM `raw.scores`' });
    expect(calls).toEqual(['merge', 'query']);
  });

  it('holds changes, not queries, in the streaming buffer, and says until when', async () => {
    const plan = planOf({ target: 'warehouse', kind: 'streaming-buffer' });
    const warehouse = faultyWarehouse(echo<Warehouse>().port, plan);
    await warehouse.query(statement);
    await expect(warehouse.merge({ table: 'raw.scores', rows: [] })).rejects.toMatchObject({ until: after(clock.now(), minutes(30)) });
    expect(plan.fired()).toMatchObject([{ fired: 1 }]);
  });

  it('says of the tables that the streaming buffer holds, and of those alone, that they have streamed rows', async () => {
    const port: Pick<Warehouse, 'streamedRows'> = { streamedRows: () => Promise.resolve(undefined) };
    const warehouse = faultyWarehouse(port as Warehouse, planOf({ target: 'warehouse:raw.games', kind: 'streaming-buffer' }));
    expect(await warehouse.streamedRows('raw.games')).toMatchObject({ until: after(clock.now(), minutes(30)) });
    expect(await warehouse.streamedRows('raw.scores')).toBeUndefined();
    await expect(faultyWarehouse(port as Warehouse, planOf({ target: 'warehouse:raw.games', kind: 'unavailable' })).streamedRows('raw.games')).rejects.toMatchObject({ code: 'warehouse-unavailable' });
  });
});

describe('a faulty object store', () => {
  it('misses files only when they are read, and is full only when they are written', async () => {
    const plan = planOf({ target: 'objects', kind: 'not-found' }, { target: 'objects', kind: 'quota-exceeded' });
    const objects = faultyObjects(echo<ObjectStore>().port, plan);
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'object-not-found', disposition: 'reject' });
    await expect(objects.put('a', new Uint8Array(), { contentType: 'x' })).rejects.toMatchObject({ code: 'objects-full', disposition: 'defer' });
    await objects.list('');
    await objects.delete('a');
    expect(plan.fired().map(({ fired }) => fired)).toEqual([1, 1]);
  });
});

describe('a faulty bus', () => {
  const message = (key: string): OutgoingMessage => ({ key, correlationId: 'chain', payload: {} });
  function open(...faults: readonly Fault[]) {
    const sent: string[] = [];
    const port: MessageBus = { publish: async (topic, { key }) => { sent.push(`${topic} ${key}`); return { messageId: `m${sent.length}` }; } };
    const plan = planOf(...faults);
    return { bus: new FaultyBus(port, plan), sent, plan };
  }

  it('publishes twice', async () => {
    const { bus, sent } = open({ target: 'bus', kind: 'duplicate', times: 1 });
    expect([await bus.publish('t', message('a')), sent]).toEqual([{ messageId: 'm2' }, ['t a', 't a']]);
  });

  it('loses a message that it has acknowledged, of the topic that the fault names', async () => {
    const { bus, sent } = open({ target: 'bus:t', kind: 'drop' });
    expect(await bus.publish('t', message('a'))).toEqual({ messageId: 'dropped-1' });
    await bus.publish('u', message('b'));
    expect(sent).toEqual(['u b']);
  });

  it('holds a message until its time, and publishes it once', async () => {
    const { bus, sent } = open({ target: 'bus', kind: 'delay', span: minutes(3), times: 1 });
    const dueAt = after(clock.now(), minutes(3));
    await bus.publish('t', message('late'));
    await bus.publish('t', message('b'));
    expect([bus.nextDueAt(), await bus.releaseDue()]).toEqual([dueAt, 0]);
    clock.advance(minutes(3));
    expect([await bus.releaseDue(), await bus.releaseDue(), bus.nextDueAt(), sent]).toEqual([1, 0, undefined, ['t b', 't late']]);
  });

  it('lets later messages overtake, within a minute', async () => {
    const { bus, sent } = open({ target: 'bus', kind: 'reorder', rate: 0.5 });
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    for (const key of keys) await bus.publish('t', message(key));
    expect(sent.length).toBeLessThan(20);
    clock.advance(minutes(1));
    await bus.releaseDue();
    expect([...sent].sort()).toEqual(keys.map((key) => `t ${key}`).sort());
    expect(sent).not.toEqual(keys.map((key) => `t ${key}`));
  });

  it.each<[FaultKind, string, string]>([['unavailable', 'bus-unavailable', 'retry'], ['quota-exceeded', 'bus-unavailable', 'retry'], ['permission-denied', 'bus-permission-denied', 'defer'], ['not-found', 'bus-topic-missing', 'defer']])('that is %s refuses with %s (%s), and nothing is published', async (kind, code, disposition) => {
    const { bus, sent } = open({ target: 'bus', kind });
    await expect(bus.publish('t', message('a'))).rejects.toMatchObject({ code, disposition });
    expect(sent).toEqual([]);
  });
});

describe('a faulty source', () => {
  const request = { scraper: 'bdl', path: '/stats', query: {} };
  const truth: HttpSource = { fetch: async () => ({ status: 200, contentType: 'application/json', body: new TextEncoder().encode('{"games":[1,2]}') }) };
  const textOf = async (source: HttpSource) => new TextDecoder().decode((await source.fetch(request)).body);

  it.each<[FaultKind, string, string]>([
    ['unavailable', 'source-unavailable', 'retry'], ['timeout', 'source-unavailable', 'retry'], ['rate-limited', 'source-rate-limited', 'retry'], ['blocked', 'source-blocked', 'defer'], ['permission-denied', 'source-blocked', 'defer'],
  ])('that is %s fails with %s (%s)', async (kind, code, disposition) => {
    await expect(faultySource(truth, planOf({ target: 'source:bdl', kind })).fetch(request)).rejects.toMatchObject({ code, disposition });
  });

  it('cuts an answer off, leaves other scrapers alone, and tells the truth when the fault is over', async () => {
    const source = faultySource(truth, planOf({ target: 'source:other', kind: 'malformed' }, { target: 'source:bdl', kind: 'malformed', times: 1 }));
    expect([await textOf(source), await textOf(source)]).toEqual(['{"games', '{"games":[1,2]}']);
  });

  it('answers what the caller\'s rewrite makes of the truth, which is told the request and the fault', async () => {
    const fault: Fault = { target: 'source', kind: 'missing-games' };
    const source = faultySource(truth, planOf(fault), {
      'missing-games': (response, asked, struck) => ({ ...response, body: new TextEncoder().encode(`${asked.scraper} ${struck.kind} ${response.body.length}`) }),
    });
    expect(await textOf(source)).toBe('bdl missing-games 15');
  });

  it('is refused when a fault on it has no rewrite', () => {
    expect(() => faultySource(truth, planOf({ target: 'source:bdl', kind: 'stale' }))).toThrow('fault stale on source:bdl has no rewrite');
  });
});

describe('what is slow', () => {
  it.each<[FaultKind, number]>([['latency', 7], ['timeout', 7]])('%s lets its time pass, and only a timeout fails', async (kind, minutesSpent) => {
    const spent: number[] = [];
    const plan = new FaultPlan({ faults: [{ target: 'state', kind, span: minutes(minutesSpent) }], clock, random: new SeededRandom(1), spend: (span) => { spent.push(span); } });
    const { port, calls } = echo<StateStore>();
    const asked = faultyState(port, plan).get(ref);
    if (kind === 'latency') expect(await asked).toBe('get');
    else await expect(asked).rejects.toMatchObject({ code: 'state-unavailable' });
    expect([spent, calls.length]).toEqual([[minutes(minutesSpent)], kind === 'latency' ? 1 : 0]);
  });
});

describe('what a fault is narrowed down to', () => {
  it('is a message about a game, a player or an output, however its processor is called', async () => {
    const sent: string[] = [];
    const port: MessageBus = { publish: async (_, { key }) => { sent.push(key); return { messageId: key }; } };
    const plan = planOf({ target: 'bus', kind: 'drop', games: ['0022500645'] }, { target: 'bus', kind: 'drop', processors: ['PlayerGameSummaryProcessor'] });
    const bus = new FaultyBus(port, plan);
    for (const [key, payload] of [['a', { scope: '0022500645' }], ['b', { scope: '0022500646' }], ['c', { output: 'nba_analytics.player_game_summary' }]] as const) await bus.publish('t', { key, payload, correlationId: 'c' });
    expect(sent).toEqual(['b']);
  });

  it.each<readonly [what: string, narrowed: Partial<Fault>, struck: readonly string[]]>([
    ['any of several names', { games: ['1', '2'] }, ['a', 'b', 'c']],
    ['of each field that it has', { games: ['1', '2'], players: ['lebronjames'] }, ['c']],
  ])('is %s', async (_what, narrowed, struck) => {
    const sent: string[] = [];
    const port: MessageBus = { publish: async (_, { key }) => { sent.push(key); return { messageId: key }; } };
    const bus = new FaultyBus(port, planOf({ target: 'bus', kind: 'drop', ...narrowed }));
    for (const [key, payload] of [['a', { scope: '1' }], ['b', { scope: '2' }], ['c', { scope: '2', player: 'lebronjames' }], ['d', { player: 'lebronjames' }]] as const) await bus.publish('t', { key, payload, correlationId: 'c' });
    expect(['a', 'b', 'c', 'd'].filter((key) => !sent.includes(key))).toEqual(struck);
  });

  it('is a document about a game, a notice about a date, and a firing of a job', async () => {
    const state = faultyState(echo<StateStore>().port, planOf({ target: 'state', kind: 'unavailable', games: ['0022500645'] }));
    await state.create({ collection: 'things', id: 'a' }, { scope: '0022500646' });
    await expect(state.create({ collection: 'things', id: 'a' }, { scope: '0022500645' })).rejects.toMatchObject({ code: 'state-unavailable' });
    const firing = { job: 'watchdog', at: clock.now() };
    const scheduler: Scheduler = { firingsBetween: () => [firing] };
    expect(faultyScheduler(scheduler, planOf({ target: 'scheduler', kind: 'paused', games: ['0022500645'] })).firingsBetween(clock.now(), clock.now())).toEqual([firing]);
  });

  it('is an answer about a game, whether it is refused or changed', async () => {
    const truth: HttpSource = { fetch: async ({ query }) => ({ status: 200, contentType: 'application/json', body: new TextEncoder().encode(`{"game":"${query['game'] ?? ''}"}`) }) };
    const source = faultySource(truth, planOf({ target: 'source:bdl', kind: 'unavailable', games: ['1'] }, { target: 'source:bdl', kind: 'not-found', games: ['2'] }));
    const ask = (game: string) => source.fetch({ scraper: 'bdl', path: '/stats', query: { game } });
    await expect(ask('1')).rejects.toMatchObject({ code: 'source-unavailable' });
    expect([await ask('2'), await ask('3')]).toMatchObject([{ status: 404 }, { status: 200 }]);
  });

  it('is a table of an output, and rows about a player', async () => {
    const plan = planOf({ target: 'warehouse', kind: 'unavailable', processors: ['raw.scores'], players: ['lebronjames'] });
    const warehouse = faultyWarehouse(echo<Warehouse>().port, plan);
    await warehouse.merge({ table: 'raw.games', rows: [{ player_lookup: 'lebronjames' }] });
    await warehouse.merge({ table: 'raw.scores', rows: [{ player_lookup: 'franzwagner' }] });
    await expect(warehouse.merge({ table: 'raw.scores', rows: [{ player_lookup: 'lebronjames' }] })).rejects.toMatchObject({ code: 'warehouse-unavailable' });
  });
});

describe('what is broken', () => {
  it('is a payload without its first field, and a file without its second half', async () => {
    const sent: unknown[] = [];
    const bus = new FaultyBus({ publish: async (_, { payload }) => { sent.push(payload); return { messageId: 'm' }; } }, planOf({ target: 'bus', kind: 'malformed' }));
    await bus.publish('t', { key: 'a', correlationId: 'c', payload: { sport: 'nba', games: 1 } });
    expect(sent).toEqual([{ games: 1, broken: true }]);
    const port = { get: async () => new Uint8Array([1, 2, 3, 4]) } as unknown as ObjectStore;
    expect(await faultyObjects(port, planOf({ target: 'objects', kind: 'malformed' })).get('a')).toEqual(new Uint8Array([1, 2]));
  });

  it('is a subscription that is paused: its messages come when it is over', async () => {
    const sent: string[] = [];
    const own = new ManualClock();
    const plan = new FaultPlan({ faults: [{ target: 'bus:t', kind: 'paused', until: after(own.now(), minutes(90)) }], clock: own, random: new SeededRandom(1) });
    const bus = new FaultyBus({ publish: async (_, { key }) => { sent.push(key); return { messageId: key }; } }, plan);
    await bus.publish('t', { key: 'a', correlationId: 'c', payload: {} });
    expect(bus.nextDueAt()).toBe(after(own.now(), minutes(90)));
    own.advance(minutes(90));
    expect([await bus.releaseDue(), sent]).toEqual([1, ['a']]);
  });
});

describe('a faulty channel', () => {
  const notice = { kind: 'opened', incidentId: 'i' } as unknown as Notice;
  const open = (kind: FaultKind, target: string) => {
    const taken: Notice[] = [];
    const port: NoticeChannel = { name: 'slack', send: (one) => { taken.push(one); return Promise.resolve(); } };
    return { channel: faultyChannel(port, planOf({ target, kind })), taken };
  };

  it.each<[FaultKind, string, number]>([['drop', 'notifier:slack', 0], ['duplicate', 'notifier:slack', 2], ['drop', 'notifier:email', 1]])('%s on %s takes a notice, which reaches people %i times', async (kind, target, times) => {
    const { channel, taken } = open(kind, target);
    await channel.send(notice);
    expect(taken).toHaveLength(times);
  });

  it.each<[FaultKind, string]>([['unavailable', 'channel-unavailable'], ['error', 'channel-unavailable'], ['timeout', 'channel-unavailable'], ['rate-limited', 'channel-unavailable'], ['permission-denied', 'channel-refused']])('%s is refused with %s', async (kind, code) => {
    const { channel, taken } = open(kind, 'notifier:slack');
    await expect(channel.send(notice)).rejects.toMatchObject({ code });
    expect(taken).toEqual([]);
  });
});

describe('a faulty scheduler', () => {
  it('leaves out the firings of a paused job, by the time of each firing', () => {
    const start = epochMs(Date.UTC(2026, 0, 24));
    const port: Scheduler = { firingsBetween: () => [0, 1, 2, 3].flatMap((minute) => ['a', 'b'].map((job) => ({ job, at: after(start, minutes(minute)) }))) };
    const plan = planOf({ target: 'scheduler:a', kind: 'paused', at: after(start, minutes(1)), until: after(start, minutes(3)) }, { target: 'scheduler:b', kind: 'duplicate', times: 1 });
    const fired = faultyScheduler(port, plan).firingsBetween(start, start).map(({ job, at }) => `${job}${(at - start) / 60_000}`);
    expect(fired).toEqual(['a0', 'b0', 'b0', 'b1', 'b2', 'a3', 'b3']);
    expect(plan.fired().map((one) => one.fired)).toEqual([2, 1]);
  });

  it('fires late, in order of time', () => {
    const start = epochMs(Date.UTC(2026, 0, 24));
    const port: Scheduler = { firingsBetween: () => [0, 1].flatMap((minute) => ['a', 'b'].map((job) => ({ job, at: after(start, minutes(minute)) }))) };
    const plan = planOf({ target: 'scheduler:a', kind: 'delay', span: minutes(10), times: 1 });
    expect(faultyScheduler(port, plan).firingsBetween(start, start).map(({ job, at }) => `${job}${(at - start) / 60_000}`)).toEqual(['b0', 'a1', 'b1', 'a10']);
  });
});
