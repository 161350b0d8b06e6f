import { alertChannels, canaryAbsenceBelievedAfter, decider, missesMax, silentAfter, watchedJobs } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { hours, minutes, PipelineError, type DurationMs, type ErrorCode, type WatchdogCanary } from '@handoff/contracts';
import { heartbeatWrite } from '@handoff/heartbeats';
import { IncidentNotifier } from '@handoff/notifier-state';
import { RecordingChannel } from '@handoff/notify-recording';
import { guarded, type FlowContext, type MessageBus, type ObjectStore, type Ports } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeCanary, watchPlatform } from './index.ts';

const every = minutes(5);
type Part = 'state' | 'warehouse' | 'bus' | 'objects';

/** A platform whose parts refuse, are away, or lose what they are given, as the spec says. */
class Platform {
  readonly clock = new ManualClock();
  readonly channel = new RecordingChannel('slack');
  readonly #others = alertChannels.filter(({ name }) => name !== 'slack').map(({ name }) => new RecordingChannel(name));
  readonly failing = new Map<Part, ErrorCode>();
  losesMessages = false;
  /** How many calls of the object store are not answered from now on. */
  failingCalls = 0;
  /** False: what is written under the notebook's name is refused. */
  keepsNotebook = true;
  /** What becomes of a file's bytes on their way back. */
  readsBack: ((bytes: Uint8Array, path: string) => Uint8Array | undefined) | undefined;
  silentJobs: readonly string[] = [];
  failingJobs: readonly string[] = [];
  #canaries: WatchdogCanary[] = [];
  readonly #system: Awaited<ReturnType<typeof openTemporary>>;

  private constructor(system: Awaited<ReturnType<typeof openTemporary>>, clock: ManualClock) {
    this.#system = system;
    this.clock = clock;
  }

  static async open(): Promise<Platform> {
    const clock = new ManualClock();
    return new Platform(await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } }), clock);
  }

  get ports(): Ports {
    const { ports } = this.#system;
    const refuse = (part: Part) => (): void => {
      const code = this.failing.get(part);
      if (code !== undefined) throw new PipelineError({ code, message: `${part}: ${code}`, facts: { part } });
    };
    const state = guarded(ports.state, ['get', 'query', 'batch', 'create', 'transact', 'update', 'increment'], refuse('state'));
    const objects = guarded(this.#reading(ports.objects), ['get', 'put', 'list', 'delete'], () => { refuse('objects')(); this.#failOnce(); });
    const bus: MessageBus = { publish: (_, { payload }) => { refuse('bus')(); if (!this.losesMessages) this.#canaries.push(payload as WatchdogCanary); return Promise.resolve({ messageId: 'm' }); } };
    return { ...ports, clock: this.clock, state, objects, bus: guarded(bus, ['publish'], () => undefined), warehouse: guarded(ports.warehouse, ['query'], refuse('warehouse')), notifier: new IncidentNotifier({ state, objects, channels: [this.channel, ...this.#others] }) };
  }

  get context(): FlowContext {
    return { ports: this.ports, log: silentLog, correlationId: 'spec' };
  }

  /** Rounds for a time, each by a process of its own; jobs run in between, and what was sent comes back. */
  async live(span: DurationMs): Promise<void> {
    for (let passed = 0; passed < span; passed += every) {
      await this.round();
      await this.takeCanaries();
    }
  }

  async round(): Promise<void> {
    await this.#beat();
    await watchPlatform(this.context, { sport: 'nba', interval: every });
    this.clock.advance(every);
  }

  /** What was sent comes back. */
  async takeCanaries(): Promise<void> {
    for (const canary of this.#canaries.splice(0)) await takeCanary(canary, this.context);
  }

  heard(): readonly string[] {
    return this.channel.notices.map(({ kind, cause, subject, openedAt, at }) => `${kind} ${cause} ${subject} ${(at - openedAt) / 60_000}`);
  }

  close(): Promise<void> {
    return this.#system.close();
  }

  #reading(objects: ObjectStore): ObjectStore {
    const get = async (path: string): Promise<Uint8Array> => {
      const bytes = await objects.get(path);
      const read = this.readsBack === undefined ? bytes : this.readsBack(bytes, path);
      if (read === undefined) throw new PipelineError({ code: 'object-not-found', message: path });
      return read;
    };
    const put: ObjectStore['put'] = (...written) => {
      if (!this.keepsNotebook && written[0].endsWith('notebook.json')) throw new PipelineError({ code: 'objects-unavailable', message: 'the notebook is not kept' });
      return objects.put(...written);
    };
    return { get, put, list: (prefix) => objects.list(prefix), delete: (path) => objects.delete(path) };
  }

  #failOnce(): void {
    if (this.failingCalls === 0) return;
    this.failingCalls -= 1;
    throw new PipelineError({ code: 'objects-unavailable', message: 'this call is not answered' });
  }

  async #beat(): Promise<void> {
    if (this.failing.has('state')) return;
    const beating = watchedJobs.filter(({ name }) => !this.silentJobs.includes(name));
    await this.#system.ports.state.batch(beating.map(({ name }) => heartbeatWrite(name, { at: this.clock.now(), outcome: 'spec', isComplete: !this.failingJobs.includes(name) })));
  }
}

let platform: Platform;
beforeEach(async () => { platform = await Platform.open(); });
afterEach(() => platform.close());

it.each<[string, (bytes: Uint8Array) => Uint8Array | undefined]>([
  ['loses what it is given', () => undefined], ['gives back half of what it was given', (bytes) => bytes.slice(0, bytes.length / 2)],
])('an object store that %s is told of with the next round, and is well when it does not', async (_, readsBack) => {
  await platform.live(minutes(30));
  platform.readsBack = readsBack;
  await platform.live(every);
  expect(platform.heard()).toEqual(['opened platform-fault objects 0']);
  platform.readsBack = undefined;
  await platform.live(minutes(10));
  expect(platform.heard().at(-1)).toMatch(/^resolved platform-fault objects/);
});

it('a good day is silent', async () => {
  await platform.live(hours(24));
  expect(platform.heard()).toEqual([]);
});

describe.each<[Part, ErrorCode, string]>([
  ['state', 'state-unavailable', 'platform-unreachable'], ['state', 'state-permission-denied', 'platform-fault'],
  ['warehouse', 'warehouse-unavailable', 'platform-unreachable'], ['warehouse', 'warehouse-permission-denied', 'platform-fault'],
  ['bus', 'bus-unavailable', 'platform-unreachable'], ['bus', 'bus-topic-missing', 'platform-fault'],
  ['objects', 'objects-unavailable', 'platform-unreachable'], ['objects', 'objects-permission-denied', 'platform-fault'],
])('%s that answers %s', (part, code, cause) => {
  it('is told of within 15 minutes, once, then by its age, and is over with the first round that it answers', async () => {
    await platform.live(minutes(30));
    platform.failing.set(part, code);
    const before = platform.clock.now();
    await platform.live(minutes(15));
    expect(platform.heard()).toEqual([`opened ${cause} ${part} 0`]);
    expect(platform.channel.notices[0]!.at - before).toBeLessThan(minutes(15));
    await platform.live(hours(2));
    platform.failing.clear();
    await platform.live(minutes(30));
    expect(platform.heard().map((notice) => notice.split(' ').slice(0, 3).join(' '))).toEqual([`opened ${cause} ${part}`, `escalated ${cause} ${part}`, `resolved ${cause} ${part}`]);
  });

  it('in one round alone is told of only where it refuses', async () => {
    await platform.live(minutes(30));
    platform.failing.set(part, code);
    await platform.live(every);
    platform.failing.clear();
    await platform.live(minutes(30));
    // The object store is what misses are remembered in: it is asked twice within the round.
    const isTold = cause === 'platform-fault' || part === 'objects';
    expect(platform.heard().length).toBe(isTold ? 2 : 0);
  });
});

it('a refusal is told of with the permission that is needed', async () => {
  platform.failing.set('state', 'state-permission-denied');
  await platform.live(every);
  expect(platform.channel.notices[0]).toMatchObject({ severity: 'critical', headline: expect.stringContaining('datastore.entities.get') as string, facts: { code: 'state-permission-denied' } });
});

it('a bus that takes messages and delivers none is told of within 15 minutes', async () => {
  await platform.live(minutes(30));
  platform.losesMessages = true;
  await platform.live(minutes(15));
  expect(platform.heard()).toEqual(['opened platform-unreachable bus 0']);
  platform.losesMessages = false;
  await platform.live(minutes(15));
  expect(platform.heard()).toHaveLength(2);
});

describe('a notebook that is not kept in the round that tells of something', () => {
  it.each<[Part, ErrorCode, number]>([
    ['state', 'state-permission-denied', 1], ['warehouse', 'warehouse-unavailable', missesMax], ['bus', 'bus-unavailable', missesMax],
  ])('does not leave %s open when it answers again', async (part, code, toldInRound) => {
    await platform.live(minutes(30));
    platform.failing.set(part, code);
    if (toldInRound > 1) await platform.live(minutes(5 * (toldInRound - 1)));
    platform.keepsNotebook = false;
    await platform.live(every);
    expect(platform.heard()).toHaveLength(1);
    platform.failing.clear();
    platform.keepsNotebook = true;
    await platform.live(minutes(10));
    expect(platform.heard().at(-1)).toContain('resolved platform-');
  });

  it('does not leave a job open that runs again', async () => {
    await platform.live(minutes(10));
    platform.silentJobs = [decider];
    await platform.live(minutes(70));
    expect(platform.heard()).toEqual([]);
    platform.keepsNotebook = false;
    await platform.live(every);
    expect(platform.heard()[0]).toContain(`job-silent ${decider}`);
    platform.silentJobs = [];
    platform.keepsNotebook = true;
    await platform.live(minutes(10));
    expect(platform.heard().at(-1)).toContain(`resolved job-silent ${decider}`);
  });
});

describe('what others have seen of a part whose probe is well', () => {
  const refuse = () => platform.ports.notifier.alert({ cause: 'platform-fault', subject: 'state', severity: 'error', title: 'state refuses', facts: {}, at: platform.clock.now() });

  it('is not over while they see it, however often the probe is well, and whatever becomes of the notebook', async () => {
    await platform.live(minutes(30));
    for (let half = 0; half < 6; half += 1) {
      await refuse();
      platform.readsBack = half % 2 === 0 ? undefined : (bytes) => bytes.slice(0, bytes.length / 2);
      await platform.live(minutes(30));
    }
    expect(platform.heard().filter((notice) => notice.includes('platform-fault state') && !notice.startsWith('escalated'))).toEqual(['opened platform-fault state 0']);
  });

  it('is over when nobody has seen it for an hour', async () => {
    await platform.live(minutes(30));
    await refuse();
    await platform.live(minutes(60));
    expect(platform.heard()).toHaveLength(1);
    await platform.live(every);
    expect(platform.heard().at(-1)).toContain('resolved platform-fault state');
  });
});

it.each<readonly [string, (bytes: Uint8Array) => Uint8Array | undefined]>([['is gone', () => undefined], ['is cut off', (bytes) => bytes.slice(0, bytes.length / 2)]])('a notebook that %s ends nothing that is told of a job', async (_, readsBack) => {
  await platform.live(minutes(10));
  platform.silentJobs = [decider];
  await platform.live(minutes(80));
  expect(platform.heard().at(-1)).toContain(`job-silent ${decider}`);
  platform.readsBack = readsBack;
  await platform.live(every);
  platform.readsBack = undefined;
  await platform.live(minutes(30));
  expect(platform.heard().filter((notice) => notice.startsWith('resolved job-'))).toEqual([]);
});

describe('a message that has come back', () => {
  it('while the object store fails four calls of its note is noted: the bus is not blamed for it', async () => {
    await platform.live(minutes(30));
    for (let round = 0; round < 6; round += 1) {
      await platform.round();
      platform.failingCalls = 4;
      await platform.takeCanaries();
      expect(platform.failingCalls).toBe(0);
    }
    expect(platform.heard()).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['files are not there', () => { platform.readsBack = () => undefined; }],
    ['files are cut off', () => { platform.readsBack = (bytes) => bytes.slice(0, bytes.length / 2); }],
  ])('where %s has come back', async (_, breakFiles) => {
    await platform.live(minutes(30));
    breakFiles();
    await platform.live(minutes(60));
    expect(platform.heard().filter((notice) => notice.includes(' bus '))).toEqual([]);
  });

  it('and whose note is lost is not missed so soon after the object store lost others', async () => {
    await platform.live(minutes(30));
    platform.readsBack = () => undefined;
    await platform.live(every);
    platform.readsBack = (bytes, path) => (path.includes('canary') ? undefined : bytes);
    await platform.live(canaryAbsenceBelievedAfter);
    expect(platform.heard().filter((notice) => notice.includes(' bus '))).toEqual([]);
  });

  it('is noted once, and a repetition of it is a duplicate', async () => {
    const canary = { sport: 'nba', publishedAt: platform.clock.now() } as const;
    expect(await takeCanary(canary, platform.context)).toEqual({ outcome: 'seen' });
    expect(await takeCanary(canary, platform.context)).toEqual({ outcome: 'duplicate' });
    platform.failing.set('objects', 'objects-unavailable');
    expect(await takeCanary(canary, platform.context)).toEqual({ outcome: 'not-noted' });
  });
});

it('a bus that has never delivered anything is told of, though no file has ever said that it did', async () => {
  platform.losesMessages = true;
  await platform.live(minutes(50));
  expect(platform.heard()).toEqual(['opened platform-unreachable bus 0']);
});

describe('a job', () => {
  it.each(watchedJobs)('$name that does not run is told of by its name, and when it runs again', async (job) => {
    const { name } = job;
    await platform.live(minutes(10));
    platform.silentJobs = [name];
    await platform.live(minutes(silentAfter(job) / 60_000 + 10));
    expect(platform.heard()[0]).toContain(`job-silent ${name}`);
    expect(new Set(platform.channel.notices.map(({ subject }) => subject))).toEqual(new Set([name]));
    platform.silentJobs = [];
    await platform.live(minutes(10));
    expect(platform.heard().at(-1)).toContain(`resolved job-silent ${name}`);
  });

  it('is not told of for the time in which nothing could be seen of it', async () => {
    await platform.live(minutes(10));
    platform.silentJobs = watchedJobs.map(({ name }) => name);
    platform.failing.set('state', 'state-permission-denied');
    await platform.live(hours(6));
    platform.failing.clear();
    await platform.live(every);
    expect(platform.heard().filter((notice) => notice.includes('job-'))).toEqual([]);
  });

  it('of which nothing was seen since the watchdog itself stood still is given its time', async () => {
    await platform.live(minutes(10));
    platform.silentJobs = watchedJobs.map(({ name }) => name);
    platform.clock.advance(hours(30));
    await platform.live(every);
    expect(platform.heard()).toEqual([]);
  });

  it('that decides nothing is told of after an hour', async () => {
    await platform.live(minutes(10));
    platform.failingJobs = [decider];
    await platform.live(minutes(60));
    expect(platform.heard()).toEqual([]);
    await platform.live(minutes(5));
    expect(platform.heard().map((notice) => notice.split(' ').slice(0, 3).join(' '))).toEqual([`opened decisions-absent ${decider}`]);
    await platform.live(minutes(60));
    expect(platform.channel.notices.at(-1)).toMatchObject({ cause: 'decisions-absent', severity: 'critical' });
  });
});

it('what a job lacks while a part is away is told with the part', async () => {
  await platform.live(minutes(10));
  platform.silentJobs = [decider];
  platform.failing.set('warehouse', 'warehouse-unavailable');
  await platform.live(hours(2));
  expect(platform.heard().map((notice) => notice.split(' ').slice(0, 3).join(' '))).toEqual(['opened platform-unreachable warehouse', 'escalated platform-unreachable warehouse', 'consequence platform-unreachable warehouse']);
});
