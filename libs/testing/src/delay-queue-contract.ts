import { after, epochMs, minutes } from '@handoff/contracts';
import type { DelayQueue, OutgoingMessage } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';

export interface ContractDelays {
  readonly delays: DelayQueue;
  /** What has been published: topic and message key, in order. */
  readonly published: () => readonly string[];
  /** The next publish of this key runs `instead` and publishes only if that resolves. */
  readonly interceptPublish: (key: string, instead: () => Promise<void>) => void;
}

const message = (key: string): OutgoingMessage => ({ key, correlationId: 'chain', payload: { key } });
const start = epochMs(Date.UTC(2026, 0, 24, 12));
const at = (minute: number) => after(start, minutes(minute));

/** What every adapter of the DelayQueue port does. `open` gives an empty queue over a bus that has every topic. */
export function describeDelayQueueContract(name: string, open: Open<ContractDelays>): void {
  describe(`${name} keeps the delay queue contract`, () => {
    const opening = closedAfterEach(open);
    describeDueWork(opening);
    describeRepetition(opening);
    describeTrouble(opening);
  });
}

function describeDueWork(open: Open<ContractDelays>): void {
  it.each([[9, 0], [10, 1], [11, 1]])('delivers at minute %i work that is due at minute 10: %i', async (minute, delivered) => {
    const { subject: { delays, published } } = await open();
    await delays.schedule('work', message('a'), at(10));
    expect(await delays.deliverDue(at(minute), 100)).toBe(delivered);
    expect(published()).toEqual(delivered === 1 ? ['work a'] : []);
    expect(await delays.deliverDue(at(minute), 100)).toBe(0);
  });

  it('delivers what has waited longest first, at most as many as asked for', async () => {
    const { subject: { delays, published } } = await open();
    for (const [key, minute] of [['c', 3], ['a', 1], ['d', 4], ['b', 2]] as const) await delays.schedule('work', message(key), at(minute));
    expect(await delays.deliverDue(at(10), 3)).toBe(3);
    expect(await delays.deliverDue(at(10), 3)).toBe(1);
    expect(published()).toEqual(['work a', 'work b', 'work c', 'work d']);
  });

  it.each(['reopen', 'crash'] as const)('has what was scheduled after a %s', async (how) => {
    const opened = await open();
    await opened.subject.delays.schedule('work', message('a'), at(10));
    const { delays } = (await opened[how]()).subject;
    expect(await delays.deliverDue(at(10), 100)).toBe(1);
  });
}

function describeRepetition(open: Open<ContractDelays>): void {
  it('moves nothing when a key is scheduled again before it was delivered', async () => {
    const { subject: { delays, published } } = await open();
    for (const minute of [10, 5, 15]) await delays.schedule('work', message('a'), at(minute));
    expect(await delays.deliverDue(at(9), 100)).toBe(0);
    expect(await delays.deliverDue(at(10), 100)).toBe(1);
    expect(await delays.deliverDue(at(20), 100)).toBe(0);
    expect(published()).toEqual(['work a']);
  });

  it('takes a key again that was delivered', async () => {
    const { subject: { delays, published } } = await open();
    for (const minute of [10, 20]) {
      await delays.schedule('work', message('a'), at(minute));
      expect(await delays.deliverDue(at(minute), 100)).toBe(1);
    }
    expect(published()).toEqual(['work a', 'work a']);
  });

  it('keeps the same key of two topics apart, and takes keys with any characters', async () => {
    const { subject: { delays, published } } = await open();
    const key = 'raw/2026-01-24/é'.padEnd(200, '東');
    for (const topic of ['work', 'other']) await delays.schedule(topic, message(key), at(10));
    expect(await delays.deliverDue(at(10), 100)).toBe(2);
    expect([...published()].sort()).toEqual([`other ${key}`, `work ${key}`]);
  });

  it('keeps work that is deferred again by its receiver before the delivery was settled, until its new time', async () => {
    const { subject: { delays, published, interceptPublish } } = await open();
    await delays.schedule('work', message('a'), at(10));
    // The receiver is faster than the sweeper: it has the message, and defers it anew, before the sweeper goes on.
    interceptPublish('a', () => delays.schedule('work', message('a'), at(20)));
    expect(await delays.deliverDue(at(10), 100)).toBe(1);
    expect(await delays.deliverDue(at(19), 100)).toBe(0);
    expect(await delays.deliverDue(at(20), 100)).toBe(1);
    expect(await delays.deliverDue(at(60), 100)).toBe(0);
    expect(published()).toHaveLength(2);
  });

  it('keeps the new time of work whose first publish failed after it had been received', async () => {
    const { subject: { delays, published, interceptPublish } } = await open();
    await delays.schedule('work', message('a'), at(10));
    interceptPublish('a', async () => {
      await delays.schedule('work', message('a'), at(20));
      throw new Error('no answer');
    });
    await expect(delays.deliverDue(at(10), 100)).rejects.toThrow('no answer');
    // It may have been received, or not: it is published again, and its receiver defers it again.
    interceptPublish('a', () => delays.schedule('work', message('a'), at(20)));
    expect(await delays.deliverDue(at(11), 100)).toBe(1);
    expect(await delays.deliverDue(at(19), 100)).toBe(0);
    expect(await delays.deliverDue(at(20), 100)).toBe(1);
    expect(published()).toHaveLength(2);
  });

  it('is delivered by one of two sweepers that come at once', async () => {
    const { subject: { delays, published } } = await open();
    for (const key of ['a', 'b', 'c']) await delays.schedule('work', message(key), at(10));
    await Promise.all([delays.deliverDue(at(10), 100), delays.deliverDue(at(10), 100)]);
    expect(new Set(published())).toEqual(new Set(['work a', 'work b', 'work c']));
    expect(await delays.deliverDue(at(10), 100)).toBe(0);
  });

  it('is not kept busy by 50 that schedule the same work at once', async () => {
    const { subject: { delays, published } } = await open();
    await Promise.all(Array.from({ length: 50 }, () => delays.schedule('work', message('a'), at(10))));
    expect(await delays.deliverDue(at(10), 100)).toBe(1);
    expect(published()).toEqual(['work a']);
  });
}

function describeTrouble(open: Open<ContractDelays>): void {
  it('keeps what could not be published, delivers the rest, and tells', async () => {
    const { subject: { delays, published, interceptPublish } } = await open();
    for (const [key, minute] of [['a', 1], ['b', 2], ['c', 3]] as const) await delays.schedule('work', message(key), at(minute));
    const trouble = new Error('no such topic');
    interceptPublish('b', () => Promise.reject(trouble));
    await expect(delays.deliverDue(at(10), 100)).rejects.toBe(trouble);
    expect(published()).toEqual(['work a', 'work c']);
    expect(await delays.deliverDue(at(10), 100)).toBe(1);
    expect(published()).toEqual(['work a', 'work c', 'work b']);
  });
}
