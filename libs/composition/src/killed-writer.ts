// A process of its own for crash.spec.ts: writes documents and messages one after another, tells what was acknowledged, until it is killed.
import { EmbeddedBus } from '@handoff/bus-embedded';
import { epochMs } from '@handoff/contracts';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { killedBus } from './killed-bus.ts';

const environment = openEmbeddedEnvironment(process.argv[2] ?? '', process.argv[3] === 'disk' ? 'disk' : 'process');
const state = new EmbeddedStateStore(environment);
const bus = new EmbeddedBus({ transaction: environment, clock: { now: () => epochMs(1_769_256_000_000) }, ...killedBus });

for (let number = 1; ; number += 1) {
  const ref = (id: string) => ({ collection: 'written', id });
  await state.batch([
    { kind: 'create', ref: ref(`${number}-first`), value: { number, text: 'x'.repeat(number % 5_000) } },
    { kind: 'create', ref: ref(`${number}-second`), value: { number } },
  ]);
  await state.increment({ collection: 'counters', id: 'written' }, 'count', 1);
  await bus.publish('numbers', { key: String(number), correlationId: 'chain', payload: { number } });
  // Every third message is delivered and acknowledged at once, so that the queue shrinks as well.
  if (number % 3 === 0) await bus.deliverNext(() => Promise.resolve('ack'));
  // Waits until it is told: nothing here lets the event loop turn by itself, and what the pipe does not take at once would never be.
  await new Promise((resolve) => { process.stdout.write(`${number}\n`, resolve); });
}
