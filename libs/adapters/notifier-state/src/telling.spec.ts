import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertChannels, type AlertChannelName } from '@handoff/catalogue';
import { after, epochMs, hours, minutes, PipelineError, type EpochMs } from '@handoff/contracts';
import { RecordingChannel } from '@handoff/notify-recording';
import { FileObjectStore } from '@handoff/objects-files';
import { guarded, type Alert, type NoticeChannel } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IncidentNotifier } from './index.ts';

const start = epochMs(Date.UTC(2026, 0, 23, 4, 20));
const at = (minute: number): EpochMs => after(start, minutes(minute));
const denied = (minute: number, changes: Partial<Alert> = {}): Alert => ({ cause: 'platform-fault', subject: 'state', severity: 'critical', title: 'state: state-permission-denied', facts: {}, at: at(minute), ...changes });

/** A store that is there or not, as the spec says. */
class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'handoff-telling-'));
  readonly environment: EmbeddedEnvironment = openEmbeddedEnvironment(join(this.folder, 'state.lmdb'));
  readonly recorded = alertChannels.map(({ name }) => new RecordingChannel(name));
  readonly refusing = new Set<AlertChannelName | 'state' | 'objects' | 'deletes'>();
  readonly state = guarded(new EmbeddedStateStore(this.environment), ['get', 'query', 'transact'], () => { this.#refuse('state', 'state-permission-denied'); });
  readonly objects = guarded(
    guarded(new FileObjectStore(join(this.folder, 'objects')), ['get', 'put', 'list', 'delete'], () => { this.#refuse('objects', 'objects-permission-denied'); }),
    ['delete'], () => { this.#refuse('deletes', 'objects-permission-denied'); },
  );
  readonly channels = this.recorded.map((channel): NoticeChannel => guarded(channel, ['send'], () => { this.#refuse(channel.name, 'channel-unavailable'); }));

  /** Another instance over the same stores. */
  instance(): IncidentNotifier {
    return new IncidentNotifier({ state: this.state, objects: this.objects, channels: this.channels });
  }

  /** What people heard, by channel. */
  heard(): readonly string[] {
    return this.recorded.flatMap(({ name, notices }) => notices.map(({ kind, cause, subject }) => `${name} ${kind} ${cause} ${subject}`));
  }

  #refuse(what: AlertChannelName | 'state' | 'objects' | 'deletes', code: 'state-permission-denied' | 'objects-permission-denied' | 'channel-unavailable'): void {
    if (this.refusing.has(what)) throw new PipelineError({ code, message: `${what} refuses` });
  }
}

let world: World;
beforeEach(() => { world = new World(); });
afterEach(async () => {
  await world.environment.close();
  rmSync(world.folder, { recursive: true, force: true });
});
const to = (names: readonly AlertChannelName[], what: string): readonly string[] => names.map((name) => `${name} ${what}`);
const all: readonly AlertChannelName[] = ['slack', 'pagerduty', 'email'];
const byOrder = (heard: readonly string[]): readonly string[] => heard.toSorted();

describe('people', () => {
  it('hear of what an instance without channels has raised or ended with the next review of one that has them, once', async () => {
    const operator = new IncidentNotifier({ state: world.state, objects: world.objects });
    await operator.alert(denied(0));
    expect(world.heard()).toEqual([]);
    for (const minute of [1, 2]) await world.instance().review(at(minute));
    expect(byOrder(world.heard())).toEqual(byOrder(to(all, 'opened platform-fault state')));
    await operator.resolve('platform-fault', 'state', at(3));
    for (const minute of [4, 5]) await world.instance().review(at(minute));
    expect(world.heard()).toHaveLength(6);
    expect(world.heard()).toContain('slack resolved platform-fault state');
  });

  it('are reminded no more that a channel takes no notices once it has taken the reminder', async () => {
    const notifier = world.instance();
    world.refusing.add('pagerduty');
    await notifier.alert(denied(0));
    await notifier.resolve('platform-fault', 'state', at(1));
    world.refusing.clear();
    for (let hour = 1; hour <= 48; hour += 1) await notifier.review(at(hour * 60));
    expect(await notifier.incidents()).toEqual(expect.arrayContaining([expect.objectContaining({ cause: 'notifier-failed', subject: 'pagerduty', ending: 'resolved' })]));
    expect(world.heard().filter((heard) => heard === 'pagerduty escalated notifier-failed pagerduty')).toHaveLength(1);
  });

  it('hear once of what ten instances alert about, and once of its end', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => world.instance().alert(denied(0, { subject: `request 00225006${40 + index}`, cause: 'function-failed' }))));
    expect(await world.instance().incidents()).toMatchObject([{ count: 10 }]);
    expect(byOrder(world.heard())).toEqual(byOrder(to(all, world.heard()[0]!.split(' ').slice(1).join(' '))));
    for (let index = 0; index < 10; index += 1) await world.instance().resolve('function-failed', `request 00225006${40 + index}`, at(1));
    expect(world.heard().filter((notice) => notice.includes('resolved'))).toHaveLength(3);
  });

  it('hear by another channel, and of the channel, when one takes no notice, and of its return', async () => {
    world.refusing.add('pagerduty');
    await world.instance().alert(denied(0));
    expect(byOrder(world.heard())).toEqual(byOrder([...to(['slack', 'email'], 'opened platform-fault state'), ...to(['slack', 'email'], 'opened notifier-failed pagerduty')]));
    world.refusing.clear();
    await world.instance().resolve('platform-fault', 'state', at(5));
    expect(world.heard()).toEqual(expect.arrayContaining([...to(all, 'resolved platform-fault state'), ...to(['slack', 'email'], 'resolved notifier-failed pagerduty')]));
  });

  it('hear by the next channel what is meant for one alone that is away', async () => {
    world.refusing.add('slack');
    await world.instance().alert(denied(0, { severity: 'warning' }));
    expect(world.heard()).toContain('pagerduty opened platform-fault state');
  });

  it('hear later what no channel took', async () => {
    for (const name of all) world.refusing.add(name);
    await world.instance().alert(denied(0));
    expect(world.heard()).toEqual([]);
    world.refusing.clear();
    await world.instance().review(at(5));
    expect(world.heard()).toEqual(expect.arrayContaining([...to(all, 'opened platform-fault state')]));
    const heard = world.heard().length;
    await world.instance().review(at(10));
    expect(world.heard()).toHaveLength(heard);
  });

  it('hear at most five notices an hour of ten instances that fail all the time and in ever louder words', async () => {
    const instances = Array.from({ length: 10 }, () => world.instance());
    for (let minute = 0; minute < 60; minute += 4) {
      await Promise.all(instances.map((instance, index) => instance.alert(denied(minute, { cause: 'function-failed', subject: `request 00225006${40 + index}`, severity: minute < 30 ? 'warning' : 'critical' }))));
      for (let index = 0; index < 10; index += 1) await instances[0]!.resolve('function-failed', `request 00225006${40 + index}`, at(minute + 2));
    }
    for (const { notices } of world.recorded) expect(notices.length).toBeLessThanOrEqual(5);
    expect(world.recorded[0]!.notices).toHaveLength(5);
  });

  it('are not woken by what only follows from something, whichever channel is away', async () => {
    await world.instance().alert(denied(0));
    world.refusing.add('slack');
    await world.instance().alert(denied(1, { cause: 'gate-blocked', subject: 'nba_2026-01-22_postgame_phase3' }));
    expect(world.heard().filter((notice) => notice.includes('consequence'))).toEqual(['email consequence platform-fault state']);
  });

  it('hear by itself of what is still held up long after its cause is over, though nobody alerts again', async () => {
    await world.instance().alert(denied(0));
    await world.instance().alert(denied(1, { cause: 'gate-blocked', subject: 'phase3' }));
    await world.instance().resolve('platform-fault', 'state', at(10));
    for (let minute = 10; minute < 85; minute += 5) await world.instance().review(at(minute));
    expect(world.heard().some((notice) => notice.includes('gate-blocked'))).toBe(false);
    await world.instance().review(at(85));
    expect(byOrder(world.heard().filter((notice) => notice.includes('gate-blocked')))).toEqual(byOrder(to(all, 'opened gate-blocked phase3')));
  });

  it('hear what waited for the hour to have room for it', async () => {
    const notifier = world.instance();
    for (let minute = 0; minute < 20; minute += 1) {
      await notifier.alert(denied(minute));
      await notifier.resolve('platform-fault', 'state', at(minute));
    }
    await notifier.alert(denied(20));
    expect(world.recorded[0]!.notices).toHaveLength(5);
    await notifier.review(at(61));
    expect(world.recorded[0]!.notices.at(-1)).toMatchObject({ kind: 'opened', at: at(61) });
  });

  it('hear of what lasts at its ages, and of what is not seen again', async () => {
    await world.instance().alert(denied(0, { cause: 'function-failed' }));
    for (let minute = 5; minute <= 60 * 27; minute += 5) await world.instance().review(at(minute));
    expect(world.recorded[0]!.notices.map(({ kind, age }) => `${kind} ${age / hours(1)}`)).toEqual(['opened 0', 'escalated 1', 'escalated 4', 'escalated 12', 'escalated 24', 'resolved 26']);
  });
});

it('a signature that comes and goes leaves nothing to be told of in what is archived', async () => {
  for (let minute = 0; minute < 10; minute += 1) {
    await world.instance().alert(denied(minute));
    await world.instance().resolve('platform-fault', 'state', at(minute));
  }
  await world.instance().review(at(70));
  expect(await world.state.query({ collection: 'incidents', where: [{ field: 'tellFrom', operator: '>', value: 0 }] })).toEqual([]);
});

describe('while the state store is away', () => {
  it('instances tell once among them, by files, and it is one incident from the first to the last when the store is back', async () => {
    await world.instance().alert(denied(-60, { severity: 'warning', subject: 'warehouse', title: 'before' }));
    const before = world.heard().length;
    world.refusing.add('state');
    for (let minute = 0; minute < 30; minute += 1) await world.instance().alert(denied(minute));
    expect(world.heard().slice(0)).toHaveLength(before + 3);
    world.refusing.clear();
    await world.instance().review(at(30));
    expect(await world.objects.list('')).toEqual([]);
    expect((await world.instance().incidents()).filter(({ subject }) => subject === 'state')).toMatchObject([{ openedAt: at(0), count: 30, resolvedAt: null }]);
    await world.instance().resolve('platform-fault', 'state', at(31));
    expect(world.heard()).toHaveLength(before + 6);
    expect(await world.objects.list('')).toEqual([]);
  });

  it('an incident that ends and comes again is two, of which the second is open when the store is back, and after each review', async () => {
    const lives = async (isStoreThere: 'objects' | 'process'): Promise<void> => {
      world.refusing.add('state');
      if (isStoreThere === 'process') world.refusing.add('objects');
      const notifier = world.instance();
      await notifier.alert(denied(0, { subject: isStoreThere }));
      await notifier.resolve('platform-fault', isStoreThere, at(1));
      await notifier.alert(denied(2, { subject: isStoreThere }));
      world.refusing.clear();
      for (const minute of [5, 10, 15]) await notifier.review(at(minute));
      expect((await notifier.incidents()).filter(({ subject }) => subject === isStoreThere)).toMatchObject([{ openedAt: at(0), resolvedAt: at(1), count: 1 }, { openedAt: at(2), resolvedAt: null, count: 1 }]);
      expect(await world.objects.list('')).toEqual([]);
    };
    await lives('objects');
    await lives('process');
  });

  it('and the object store too, each process tells once, and what it knows is kept when the store is back', async () => {
    world.refusing.add('state').add('objects');
    const one = world.instance();
    const other = world.instance();
    for (let minute = 0; minute < 10; minute += 1) for (const notifier of [one, other]) await notifier.alert(denied(minute));
    expect(world.heard()).toHaveLength(6);
    world.refusing.clear();
    await one.review(at(10));
    await other.review(at(10));
    expect(await one.incidents()).toMatchObject([{ count: 20, openedAt: at(0) }]);
  });

  it('for two days, people hear of one incident, escalated, and after it of no other: what it left is told with it', async () => {
    world.refusing.add('state');
    const end = 45 * 60 + 15;
    for (let minute = 0; minute < end; minute += 15) {
      await world.instance().alert(denied(minute));
      await world.instance().review(at(minute));
    }
    world.refusing.clear();
    await world.instance().review(at(end));
    await world.instance().resolve('platform-fault', 'state', at(end));
    const left: readonly (readonly [after: number, until: number, alert: Partial<Alert>])[] = [
      [0, 40, { cause: 'gate-blocked', subject: 'nba_2026-01-22_postgame_phase3' }],
      [10, 40, { cause: 'phase-unhealthy', subject: 'predictions-late', facts: { gameDate: '2026-01-24', dueAt: '2026-01-24T15:00:00.000Z' } }],
      [25, 325, { cause: 'games-not-collected', subject: '2026-01-24' }],
      [25, 295, { cause: 'workflow-unhealthy', subject: 'decision-gap', facts: { lastDecisionAt: '2026-01-25T06:00:00.000Z' } }],
      [565, 925, { cause: 'phase-boundary-incomplete', subject: '2026-01-23', severity: 'error' }],
    ];
    for (let minute = 0; minute <= 960; minute += 5) {
      for (const [from, until, alert] of left) {
        if (minute >= from && minute < until) await world.instance().alert(denied(end + minute, alert));
        if (minute === until) await world.instance().resolve(alert.cause!, alert.subject!, at(end + minute));
      }
      await world.instance().review(at(end + minute));
    }
    expect([...new Set(world.recorded.flatMap(({ notices }) => notices.map(({ cause, subject }) => `${cause} ${subject}`)))]).toEqual(['platform-fault state']);
    expect(world.recorded.find(({ name }) => name === 'pagerduty')?.notices.map(({ kind }) => kind)).toEqual(['opened', 'escalated', 'escalated', 'escalated', 'escalated', 'resolved']);
    // What is not of its dates is told by itself.
    await world.instance().alert(denied(end + 961, { cause: 'gate-blocked', subject: 'nba_2026-01-25_pregame_phase3' }));
    expect(world.heard()).toContain('pagerduty opened gate-blocked nba_2026-01-25_pregame_phase3');
  });

  it.each(['objects', 'process'] as const)('the end of what it alone knows is kept by the %s, and told when it is back, but not of what was seen again after it', async (book) => {
    const notifier = world.instance();
    for (const subject of ['one', 'other']) await notifier.alert(denied(0, { subject }));
    world.refusing.add('state');
    if (book === 'process') world.refusing.add('objects');
    for (const subject of ['one', 'other']) await notifier.resolve('platform-fault', subject, at(1));
    world.refusing.clear();
    if (book === 'objects') expect(await world.objects.list('')).toHaveLength(2);
    // Another instance, whose state store works, has seen it again.
    await world.instance().alert(denied(2, { subject: 'other' }));
    await notifier.review(at(5));
    expect((await notifier.incidents()).map(({ subject, resolvedAt }) => [subject, resolvedAt])).toEqual([['one', at(1)], ['other', null]]);
    expect(world.heard().filter((heard) => heard.includes('resolved'))).toEqual(to(all, 'resolved platform-fault one'));
    expect(await world.objects.list('')).toEqual([]);
  });

  it('an incident counts once afterwards although its file cannot be deleted, and what follows is kept in the state store', async () => {
    world.refusing.add('state');
    const one = world.instance();
    for (const minute of [0, 1]) await one.alert(denied(minute));
    world.refusing.clear();
    world.refusing.add('deletes');
    await one.alert(denied(4, { subject: 'later', cause: 'function-failed' }));
    expect((await world.objects.list('incidents/')).filter(({ path }) => !path.includes('/ends/'))).toHaveLength(1);
    for (const minute of [5, 10, 15]) await world.instance().review(at(minute));
    const heard = world.heard().length;
    await world.instance().resolve('platform-fault', 'state', at(16));
    for (const minute of [20, 25]) await world.instance().review(at(minute));
    expect(await world.instance().incidents()).toMatchObject([{ count: 2, toldAt: [at(0), at(16)], resolvedAt: at(16), untold: null }, { subject: 'later' }]);
    expect(world.heard()).toHaveLength(heard + 3);
    world.refusing.clear();
    await world.instance().review(at(30));
    expect(await world.objects.list('')).toEqual([]);
  });

  it('an incident grows old and is told of by reviews all the same', async () => {
    world.refusing.add('state');
    await world.instance().alert(denied(0));
    for (let minute = 5; minute < 90; minute += 5) await world.instance().review(at(minute));
    expect(world.recorded[0]!.notices.map(({ kind }) => kind)).toEqual(['opened', 'escalated']);
  });
});
