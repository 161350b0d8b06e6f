import { seconds } from '@handoff/contracts';
import type { Delivery, OutgoingMessage } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { ContractBus } from './contract-bus.ts';
import { closedAfterEach, type Open } from './opening.ts';

const message = (key: string): OutgoingMessage => ({ key, correlationId: `chain of ${key}`, payload: { game: key, rows: [1, 2, { text: 'Dončić' }] } });
const nameOf = ({ subscription, message: { key } }: Delivery): string => `${subscription} ${key}`;
/** As long as the longest back-off of the suite's subscriptions. */
const longest = seconds(60);

/** Collects what is due, and acknowledges it. */
async function received({ deliverDue }: ContractBus): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  await deliverDue(async (delivery) => {
    deliveries.push(delivery);
    return 'ack';
  });
  return deliveries;
}

/** What every adapter of the MessageBus port does. `open` gives a bus with the suite's topics and subscriptions. */
export function describeMessageBusContract(name: string, open: Open<ContractBus>): void {
  describe(`${name} keeps the message bus contract`, () => {
    const opening = closedAfterEach(open);
    describeDelivery(opening);
    describeRedelivery(opening);
    describeLoss(opening);
  });
}

function describeDelivery(open: Open<ContractBus>): void {
  describe('publish', () => {
    it('reaches every subscription of the topic, whole, and no other', async () => {
      const { subject } = await open();
      const { messageId } = await subject.bus.publish('files-stored', { ...message('a'), orderingKey: 'one', redrive: 'after the fix' });
      const deliveries = await received(subject);
      expect(deliveries.map(nameOf).sort()).toEqual(['files-stored--count a', 'files-stored--load a']);
      for (const delivery of deliveries) expect(delivery).toMatchObject({ messageId, attempt: 1, message: { ...message('a'), orderingKey: 'one', redrive: 'after the fix' } });
      expect(await received(subject)).toEqual([]);
    });

    it('gives every message an id of its own, the same message twice too', async () => {
      const { subject } = await open();
      const published = await Promise.all(Array.from({ length: 20 }, () => subject.bus.publish('phase-done', message('a'))));
      expect(new Set(published.map(({ messageId }) => messageId)).size).toBe(20);
      expect(await received(subject)).toHaveLength(20);
    });

    it('is refused on a topic that does not exist', async () => {
      const { subject } = await open();
      await expect(subject.bus.publish('no-such-topic', message('a'))).rejects.toMatchObject({ code: 'bus-topic-missing', disposition: 'defer' });
    });

    it('succeeds on a topic without a subscription, and reaches nobody', async () => {
      const { subject } = await open();
      expect(await subject.bus.publish('nobody-listens', message('a'))).toMatchObject({ messageId: expect.stringMatching(/./) as string });
      expect(await received(subject)).toEqual([]);
    });
  });
}

function describeRedelivery(open: Open<ContractBus>): void {
  describe('a refused delivery', () => {
    it('comes again after the back-off, to that subscription alone, counted', async () => {
      const { subject } = await open();
      await subject.bus.publish('files-stored', message('a'));
      await subject.deliverDue(async ({ subscription }) => (subscription.endsWith('load') ? 'nack' : 'ack'));
      await subject.letPass(longest);
      expect(await received(subject)).toMatchObject([{ subscription: 'files-stored--load', attempt: 2, message: message('a') }]);
    });

    it('becomes a dead letter after 5 deliveries, and is not delivered again', async () => {
      const { subject } = await open();
      await subject.bus.publish('files-stored', message('a'));
      let refused = 0;
      for (let round = 0; round < 8; round += 1) {
        refused += await subject.deliverDue(async () => 'nack');
        await subject.letPass(longest);
      }
      expect(refused).toBe(2 * 5);
      expect((await subject.deadLetters()).toSorted((left, right) => left.subscription.localeCompare(right.subscription, 'en'))).toEqual([
        { subscription: 'files-stored--count', key: 'a' }, { subscription: 'files-stored--load', key: 'a' },
      ]);
      expect(await received(subject)).toEqual([]);
    });

    it('holds up no other message', async () => {
      const { subject } = await open();
      for (const key of ['bad', 'good']) await subject.bus.publish('phase-done', message(key));
      const keys: string[] = [];
      await subject.deliverDue(async (delivery) => {
        keys.push(delivery.message.key);
        return delivery.message.key === 'bad' ? 'nack' : 'ack';
      });
      expect(keys.sort()).toEqual(['bad', 'good']);
    });
  });
}

function describeLoss(open: Open<ContractBus>): void {
  describe('no message is lost', () => {
    it('when the receiver throws', async () => {
      const { subject } = await open();
      await subject.bus.publish('phase-done', message('a'));
      await expect(subject.deliverDue(async () => { throw new Error('receiver is gone'); })).rejects.toThrow('receiver is gone');
      await subject.letPass(longest);
      expect((await received(subject)).map(nameOf)).toEqual(['phase-done--gate a']);
    });

    it.each(['reopen', 'crash'] as const)('by a %s: waiting, refused and dead messages are there, and what was acknowledged is not', async (how) => {
      const opened = await open();
      const { bus, deliverDue, letPass } = opened.subject;
      await bus.publish('phase-done', message('dead'));
      for (let round = 0; round < 5; round += 1) {
        await deliverDue(async () => 'nack');
        await letPass(longest);
      }
      await bus.publish('phase-done', message('done'));
      await deliverDue(async () => 'ack');
      await bus.publish('phase-done', message('refused'));
      await deliverDue(async () => 'nack');
      await bus.publish('phase-done', message('waiting'));
      const again = (await opened[how]()).subject;
      await again.letPass(longest);
      expect((await received(again)).map((delivery) => [delivery.message.key, delivery.attempt]).sort()).toEqual([['refused', 2], ['waiting', 1]]);
      expect(await again.deadLetters()).toEqual([{ subscription: 'phase-done--gate', key: 'dead' }]);
    });

    it('by a crash in the middle of a delivery', async () => {
      const opened = await open();
      await opened.subject.bus.publish('phase-done', message('a'));
      const afterwards: ContractBus[] = [];
      await opened.subject.deliverDue(async () => {
        afterwards.push((await opened.crash()).subject);
        return 'ack';
      });
      await afterwards[0]!.letPass(longest);
      expect((await received(afterwards[0]!)).map(nameOf)).toEqual(['phase-done--gate a']);
    });

    it('and message ids are not given again after a crash, although nothing is queued', async () => {
      const opened = await open();
      const first = await opened.subject.bus.publish('phase-done', message('a'));
      await received(opened.subject);
      const again = (await opened.crash()).subject;
      expect((await again.bus.publish('phase-done', message('b'))).messageId).not.toBe(first.messageId);
    });
  });
}
