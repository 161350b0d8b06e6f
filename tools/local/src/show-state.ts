import { join } from 'node:path';
import { EmbeddedBus } from '@handoff/bus-embedded';
import { SystemClock } from '@handoff/clock-system';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';

/** The documents of a collection in a run's folder, by id; `dead-letters`: the messages that used up their deliveries. */
export async function showState(folder: string, collection: string): Promise<readonly (readonly [id: string, value: object])[]> {
  const environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  try {
    if (collection === 'dead-letters') {
      const bus = new EmbeddedBus({ transaction: environment, clock: new SystemClock(), topics: [], subscriptions: [] });
      return bus.deadLetters().map((letter) => [letter.messageId, letter]);
    }
    const documents = await new EmbeddedStateStore(environment).query({ collection });
    return documents.map(({ ref, value }) => [ref.id, value]);
  } finally {
    await environment.close();
  }
}
