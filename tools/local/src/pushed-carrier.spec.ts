import { deadLetterName, subscriptions, tableSubscriptions } from '@handoff/catalogue';
import { encodePush, type HostedFunction, type HostResponse } from '@handoff/function-host';
import type { OutgoingMessage, Warehouse } from '@handoff/ports';
import { ManualClock } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { OutstandingDeliveries } from './outstanding-deliveries.ts';
import { PushedCarrier } from './pushed-carrier.ts';
import { TableSink } from './table-sink.ts';

const [{ name: subscription, topic, function: functionName }] = subscriptions as [(typeof subscriptions)[number]];
const [table] = tableSubscriptions as [(typeof tableSubscriptions)[number]];
const message: OutgoingMessage = { key: 'work', correlationId: 'chain', payload: {} };

/** A message that was published, and a bus that pushes it when told to. */
async function published(to: { readonly name: string; readonly topic: string }) {
  const clock = new ManualClock();
  const delivered: string[] = [];
  const merges: number[] = [];
  const outstanding = new OutstandingDeliveries([{ ...to, deliveriesMax: 5 }]);
  const carrier = new PushedCarrier({
    outstanding,
    sink: new TableSink({ merge: async ({ rows }: { rows: readonly unknown[] }) => { merges.push(rows.length); } } as unknown as Warehouse),
    delivered: (name, { message: { key } }, { status }) => { delivered.push(`${name} ${key} ${status}`); },
  });
  await outstanding.counted({ publish: async () => ({ messageId: '7' }) }).publish(to.topic, message);
  const push = (hosted: HostedFunction, name = functionName): Promise<HostResponse> =>
    carrier.around(name, hosted)({ method: 'POST', path: '/', headers: {}, body: encodePush({ subscription: to.name, messageId: '7', publishedAt: clock.now(), attempt: 1, message }) });
  const letter = (hosted: HostedFunction): Promise<HostResponse> =>
    carrier.around('dead-letter-redrive', hosted)({ method: 'POST', path: '/', headers: {}, body: encodePush({ subscription: deadLetterName(to.name), messageId: '8', publishedAt: clock.now(), attempt: 1, deadDeliveries: 5, message }) });
  return { carrier, delivered, merges, push, letter };
}

const answering = (status: number): HostedFunction => async () => ({ status, body: {} });

describe('a message that the bus pushes', () => {
  it('is waited for until its function has taken it, refusals before included', async () => {
    const { carrier, push, delivered } = await published({ name: subscription, topic });
    const settled = carrier.settle();
    await push(answering(503));
    await push(answering(200));
    expect(await settled).toBe(2);
    expect(delivered).toEqual([`${functionName} work 503`, `${functionName} work 200`]);
  });

  it('and gives up is waited for until the dead letters have it, whatever number it has there', async () => {
    const { carrier, push, letter } = await published({ name: subscription, topic });
    const settled = carrier.settle();
    for (let delivery = 1; delivery <= 5; delivery += 1) await push(answering(500));
    expect(await Promise.race([settled, Promise.resolve('not yet')])).toBe('not yet');
    await letter(answering(503));
    await letter(answering(200));
    expect(await settled).toBe(7);
  });

  it('is none of its business where it is a job that calls', async () => {
    const { carrier, delivered } = await published({ name: subscription, topic });
    await carrier.around(functionName, answering(200))({ method: 'POST', path: '/', headers: {}, body: { job: functionName, scheduledAt: 1_769_256_000_000 } });
    expect(delivered).toEqual([]);
  });
});

it('a message for a table that is no event is refused until it is given up; functions are not waited for meanwhile', async () => {
  const { carrier, push, delivered, letter } = await published(table);
  const { name, host } = carrier.tableFunction();
  expect(await carrier.settle()).toBe(0);
  const written = carrier.writeTables();
  for (let delivery = 1; delivery <= 5; delivery += 1) expect(await push(host({} as never), name)).toMatchObject({ status: 503 });
  await letter(answering(200));
  await written;
  expect(delivered).toEqual([]);
});
