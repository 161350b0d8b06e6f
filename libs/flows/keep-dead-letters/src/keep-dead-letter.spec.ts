import { subscriptions, tableSubscriptions, unfairlyDeadPolicy } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, hours, minutes, parseInstant } from '@handoff/contracts';
import { deadLetterRef, deadLetters, redriveByHand, type DeadLetterDocument } from '@handoff/dead-letters';
import { claimRef, workKeyOf, type ClaimDocument } from '@handoff/handoff-state';
import type { DeadLetter, FlowContext } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepDeadLetter } from './keep-dead-letter.ts';

const [to] = subscriptions as [(typeof subscriptions)[number]];
const [log] = tableSubscriptions as [(typeof tableSubscriptions)[number]];

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const letter = (messageId = 'm1', subscription = to.name): DeadLetter => ({ subscription, messageId, publishedAt: clock.now(), deliveries: 5, message: { key: 'work', correlationId: 'chain', payload: { a: 1 } } });
const keep = (one = letter()) => {
  const context: FlowContext = { ports: system.ports, log: silentLog, correlationId: 'spec' };
  return keepDeadLetter(one, context);
};
const claimed = (status: ClaimDocument['status'], outcome: string | undefined, fencing = 5) =>
  system.ports.state.batch([{ kind: 'set', ref: claimRef(to.function, workKeyOf(to.topic, 'work')), value: { status, ...(outcome === undefined ? {} : { outcome }), holder: 'one', leaseUntil: clock.now(), fencing } satisfies ClaimDocument }]);
const kept = async () => (await system.ports.state.query<DeadLetterDocument>({ collection: deadLetters })).map(({ value }) => value);
const open = async () => (await system.notifier.incidents()).map(({ cause, subject, count }) => ({ cause, subject, count }));
/** What has been sent again by now. */
async function sent(): Promise<readonly string[]> {
  await system.ports.delays.deliverDue(clock.now(), 100);
  const keys: string[] = [];
  while (await system.bus.deliverNext(({ message }) => { keys.push(`${message.key} ${message.redrive ?? ''}`); return Promise.resolve('ack'); }));
  return keys;
}

describe('a dead letter', () => {
  it('whose work never began is sent again at once: the platform failed it', async () => {
    expect(await keep()).toMatchObject({ outcome: 'redriven' });
    expect(await sent()).toEqual([expect.stringMatching(/^work dead-letter_[0-9a-f]{16}_1$/)]);
    expect(await open()).toEqual([]);
  });

  it('whose last attempt had no end that could be kept is sent again', async () => {
    await claimed('released', 'unsettled');
    expect(await keep()).toMatchObject({ outcome: 'redriven' });
  });

  it.each<readonly [what: string, status: ClaimDocument['status'], outcome: string | undefined]>([
    ['was lost in the middle of its first delivery, with the state store', 'running', undefined],
    ['failed once, before the platform did', 'released', 'retry'],
  ])('that %s had no fair try, and is sent again', async (_, status, outcome) => {
    await claimed(status, outcome, 1);
    expect(await keep()).toMatchObject({ outcome: 'redriven' });
    expect(await kept()).toMatchObject([{ reason: 'its work began in 1 of 5 deliveries, and has no end that is known', tries: 1 }]);
    await claimed('released', 'retry', 6);
    expect(await keep(letter('m2'))).toMatchObject({ outcome: 'waiting' });
  });

  it('that kills its worker in each delivery is kept for people', async () => {
    await claimed('running', undefined, 5);
    expect(await keep()).toMatchObject({ outcome: 'waiting' });
  });

  it('that its function failed at is kept whole for people, who are told once however often it comes', async () => {
    await claimed('released', 'failed');
    for (let time = 0; time < 3; time += 1) expect(await keep()).toMatchObject({ outcome: 'waiting' });
    expect(await sent()).toEqual([]);
    expect(await kept()).toMatchObject([{ status: 'waiting', letters: 1, deliveries: 5, message: { key: 'work', payload: { a: 1 } }, reason: 'its function failed at it: failed' }]);
    expect(await open()).toMatchObject([{ cause: 'message-dead-lettered', subject: to.name }]);
  });

  it.each(['done', 'rejected'] as const)('whose work is %s by now is settled, and nobody is told', async (status) => {
    await claimed(status, 'written');
    expect(await keep()).toMatchObject({ outcome: 'settled' });
    expect([await sent(), await open()]).toEqual([[], []]);
  });

  it('that comes back again and again, as a new message each time, is told of from the third time on, sent for more than a day, and then kept', async () => {
    const told: number[] = [];
    const sends: number[] = [];
    const rounds = unfairlyDeadPolicy.attemptsMax + 2;
    for (let round = 1; round <= rounds; round += 1) {
      await keep(letter(`m${round}`));
      told.push((await open()).length);
      const before = clock.now();
      let found = await sent();
      while (found.length === 0 && clock.now() < after(before, hours(24))) {
        clock.advance(minutes(15));
        found = await sent();
      }
      sends.push(found.length);
    }
    expect(told).toEqual([0, 0, ...Array<number>(rounds - 2).fill(1)]);
    expect(sends).toEqual([...Array<number>(rounds - 2).fill(1), 0, 0]);
    expect(await kept()).toMatchObject([{ status: 'waiting', letters: rounds, redrives: rounds - 2, reason: `it was sent again ${rounds - 2} times: its work never began` }]);
  });

  it('that is sent again waits longer each time, and an hour at most', async () => {
    await keep(letter('m1'));
    await sent();
    await keep(letter('m2'));
    clock.advance(minutes(14));
    expect(await sent()).toEqual([]);
    clock.advance(minutes(5));
    expect(await sent()).toHaveLength(1);
    for (let round = 3; round <= 9; round += 1) {
      await keep(letter(`m${round}`));
      clock.advance(minutes(72));
      expect(await sent()).toHaveLength(1);
    }
  });

  it('of which copies come, while it is to be sent again, is sent when it was to be, once', async () => {
    await keep(letter('m1'));
    await sent();
    await keep(letter('m2'));
    clock.advance(minutes(10));
    for (const copy of ['m3', 'm4', 'm5', 'm5']) expect(await keep(letter(copy))).toMatchObject({ outcome: 'redriven', facts: { redrives: 2 } });
    clock.advance(minutes(9));
    expect(await sent()).toEqual([expect.stringMatching(/_2$/)]);
    expect(await kept()).toMatchObject([{ letters: 5, redrives: 2 }]);
  });

  it('of which a copy comes when its work is done is settled, and what was to be sent is dropped by whoever has done it', async () => {
    await keep(letter('m1'));
    await keep(letter('m2'));
    await claimed('done', 'written');
    expect(await keep(letter('m3'))).toMatchObject({ outcome: 'settled' });
  });

  it('that was told of and is settled, since another delivery has done its work, is no longer told of: with the last of its subscription', async () => {
    const standing = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).length;
    const other: DeadLetter = { ...letter('other'), message: { ...letter().message, key: 'other work' } };
    for (let round = 1; round <= 3; round += 1) {
      await keep(letter(`m${round}`));
      clock.advance(hours(3));
    }
    await system.ports.state.batch([{ kind: 'set', ref: claimRef(to.function, workKeyOf(to.topic, 'other work')), value: { status: 'released', outcome: 'failed', holder: 'one', leaseUntil: clock.now(), fencing: 5 } satisfies ClaimDocument }]);
    expect(await keep(other)).toMatchObject({ outcome: 'waiting' });
    await claimed('done', 'written');
    expect(await keep(letter('m4'))).toMatchObject({ outcome: 'settled' });
    expect(await standing()).toBe(1);
    await system.ports.state.batch([{ kind: 'set', ref: claimRef(to.function, workKeyOf(to.topic, 'other work')), value: { status: 'done', holder: 'one', leaseUntil: clock.now(), fencing: 6 } satisfies ClaimDocument }]);
    expect(await keep({ ...other, messageId: 'other again' })).toMatchObject({ outcome: 'settled' });
    expect(await standing()).toBe(0);
  });

  it('of a log is sent again for more than a day: its row can be appended whenever the table can be written', async () => {
    for (let round = 1; round <= unfairlyDeadPolicy.attemptsMax; round += 1) {
      expect(await keep(letter(`m${round}`, log.name))).toMatchObject({ outcome: 'redriven' });
      clock.advance(hours(48));
    }
    expect(await keep(letter('last', log.name))).toMatchObject({ outcome: 'waiting' });
  });

  it('of a subscription that is gone is kept for people', async () => {
    expect(await keep(letter('m1', 'no-topic--no-function'))).toMatchObject({ outcome: 'waiting' });
    expect(await kept()).toMatchObject([{ reason: 'the catalogue has no such subscription any more' }]);
  });

  it('is not lost by a crash between its note and its sending: it comes again', async () => {
    const delays = { ...system.ports.delays, schedule: () => Promise.reject(new Error('killed')) };
    await expect(keepDeadLetter(letter(), { ports: { ...system.ports, delays }, log: silentLog, correlationId: 'spec' })).rejects.toThrow('killed');
    await keep();
    expect(await sent()).toHaveLength(1);
    expect(await kept()).toMatchObject([{ redrives: 1, letters: 1 }]);
  });

  it('is sent again by hand whatever its function said, under an occasion of its own', async () => {
    await claimed('released', 'failed');
    await keep();
    const document = await system.ports.state.get<DeadLetterDocument>(deadLetterRef(letter()));
    await redriveByHand(system.ports, document!, clock.now());
    expect(await sent()).toEqual([expect.stringMatching(/^work dead-letter_[0-9a-f]{16}_1$/)]);
    await expect(redriveByHand(system.ports, document!, clock.now())).rejects.toMatchObject({ code: 'state-version-conflict' });
  });
});
