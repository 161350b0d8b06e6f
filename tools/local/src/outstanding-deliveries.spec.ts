import { milliseconds, minutes } from '@handoff/contracts';
import type { MessageBus } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { OutstandingDeliveries } from './outstanding-deliveries.ts';

const subscriptions = [
  { name: 'games--load', topic: 'games', deliveriesMax: 5 },
  { name: 'games--plan', topic: 'games', deliveriesMax: 5 },
  { name: 'grades--publish', topic: 'grades', deliveriesMax: 5 },
];
const message = { key: 'a', correlationId: 'chain', payload: {} };
const all = (): boolean => true;

/** A bus whose publishes end when they are told to. */
function world() {
  const answers: ((messageId: string) => void)[] = [];
  const bus: MessageBus = { publish: () => new Promise((resolve) => { answers.push((messageId) => { resolve({ messageId }); }); }) };
  const outstanding = new OutstandingDeliveries(subscriptions);
  const owed = () => outstanding.owed(all).map(({ subscription, messageId }) => `${subscription} ${messageId}`);
  return { outstanding, owed, publish: (topic: string) => outstanding.counted(bus).publish(topic, message), answer: (messageId: string) => answers.shift()?.(messageId) };
}

async function published(topic: string) {
  const known = world();
  const publishing = known.publish(topic);
  known.answer('7');
  await publishing;
  return known;
}

describe('a published message', () => {
  it('is owed once to each subscription of its topic, until each delivery is settled', async () => {
    const { outstanding, owed } = await published('games');
    expect(owed()).toEqual(['games--load 7', 'games--plan 7']);
    outstanding.settled({ subscription: 'games--load', messageId: '7' });
    expect(owed()).toEqual(['games--plan 7']);
    outstanding.settled({ subscription: 'games--load', messageId: '7' });
    outstanding.settled({ subscription: 'games--plan', messageId: '7' });
    expect(owed()).toEqual([]);
  });

  it('is not quiet while its publish is on its way, and owes nothing that was settled by then', async () => {
    const { outstanding, owed, publish, answer } = world();
    const publishing = publish('games');
    expect([outstanding.isPublishing, owed()]).toEqual([true, []]);
    outstanding.settled({ subscription: 'games--plan', messageId: '7' });
    answer('7');
    await publishing;
    expect([outstanding.isPublishing, owed()]).toEqual([false, ['games--load 7']]);
  });

  it('stays owed when it is refused, up to the last delivery that the bus makes', async () => {
    const { outstanding, owed } = await published('grades');
    const delivery = { subscription: 'grades--publish', messageId: '7' };
    expect([1, 2, 3, 4, 5].map(() => outstanding.refused(delivery))).toEqual([1, 2, 3, 4, 5].map((refusals) => ({ refusals, isLast: refusals === 5 })));
    expect(owed()).toEqual(['grades--publish 7']);
  });
});

describe('who waits', () => {
  it('hears of the next delivery that is settled', async () => {
    const { outstanding } = await published('grades');
    const change = outstanding.nextChange(minutes(1));
    outstanding.settled({ subscription: 'grades--publish', messageId: '7' });
    await expect(change).resolves.toBeUndefined();
  });

  it('is told after too long what is outstanding', async () => {
    const { outstanding } = await published('games');
    await expect(outstanding.nextChange(milliseconds(1))).rejects.toMatchObject({ code: 'deliveries-outstanding', disposition: 'retry', message: expect.stringMatching(/2 deliveries .*games--load 7, games--plan 7/) as string });
  });
});
