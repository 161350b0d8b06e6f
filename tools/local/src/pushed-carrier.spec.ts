import { subscriptions, tableSubscriptions } from '@handoff/catalogue';
import { encodePush, type HostedFunction, type HostResponse } from '@handoff/function-host';
import type { Alert, Notifier, OutgoingMessage, Warehouse } from '@handoff/ports';
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
  const alerts: Alert[] = [];
  const delivered: string[] = [];
  const merges: number[] = [];
  const outstanding = new OutstandingDeliveries([{ ...to, deliveriesMax: 5 }]);
  const carrier = new PushedCarrier({
    outstanding, clock,
    sink: new TableSink({ merge: async ({ rows }: { rows: readonly unknown[] }) => { merges.push(rows.length); } } as unknown as Warehouse),
    notifier: { alert: async (alert) => { alerts.push(alert); }, resolve: async () => undefined } satisfies Notifier,
    delivered: (name, { message: { key } }, { status }) => { delivered.push(`${name} ${key} ${status}`); },
  });
  await outstanding.counted({ publish: async () => ({ messageId: '7' }) }).publish(to.topic, message);
  const push = (hosted: HostedFunction, name = functionName): Promise<HostResponse> =>
    carrier.around(name, hosted)({ method: 'POST', path: '/', headers: {}, body: encodePush({ subscription: to.name, messageId: '7', publishedAt: clock.now(), attempt: 1, message }) });
  return { carrier, alerts, delivered, merges, push };
}

const answering = (status: number): HostedFunction => async () => ({ status, body: {} });

describe('a message that the bus pushes', () => {
  it('is waited for until its function has taken it, refusals before included', async () => {
    const { carrier, push, delivered, alerts } = await published({ name: subscription, topic });
    const settled = carrier.settle();
    await push(answering(503));
    await push(answering(200));
    expect(await settled).toBe(2);
    expect(delivered).toEqual([`${functionName} work 503`, `${functionName} work 200`]);
    expect(alerts).toEqual([]);
  });

  it('is given up after its last delivery, and people are told', async () => {
    const { carrier, push, alerts } = await published({ name: subscription, topic });
    const settled = carrier.settle();
    for (let delivery = 1; delivery <= 5; delivery += 1) await push(answering(500));
    expect(await settled).toBe(5);
    expect(alerts).toMatchObject([{ cause: 'message-dead-lettered', subject: subscription, facts: { key: 'work', deliveries: 5 } }]);
  });

  it('is none of its business where it is a job that calls', async () => {
    const { carrier, delivered } = await published({ name: subscription, topic });
    await carrier.around(functionName, answering(200))({ method: 'POST', path: '/', headers: {}, body: { job: functionName, scheduledAt: 1_769_256_000_000 } });
    expect(delivered).toEqual([]);
  });
});

it('a message for a table that is no event is refused until it is given up; functions are not waited for meanwhile', async () => {
  const { carrier, push, delivered, alerts } = await published(table);
  const { name, host } = carrier.tableFunction();
  expect(await carrier.settle()).toBe(0);
  const written = carrier.writeTables();
  for (let delivery = 1; delivery <= 5; delivery += 1) expect(await push(host({} as never), name)).toMatchObject({ status: 503 });
  await written;
  expect(delivered).toEqual([]);
  expect(alerts).toMatchObject([{ cause: 'message-dead-lettered', subject: table.name }]);
});
