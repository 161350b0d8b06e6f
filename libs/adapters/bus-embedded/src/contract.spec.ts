import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEnvironment } from '@handoff/state-embedded';
import { contractSubscriptions, contractTopics, describeMessageBusContract, ManualClock, type ContractBus, type Opened } from '@handoff/testing';
import { afterAll } from 'vitest';
import { EmbeddedBus } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-bus-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

function open(folder: string, clock: ManualClock): Opened<ContractBus> {
  const file = join(folder, 'state.lmdb');
  const environment = openEmbeddedEnvironment(file);
  const bus = new EmbeddedBus({ transaction: environment, clock, topics: contractTopics, subscriptions: contractSubscriptions });
  return {
    subject: {
      bus,
      deliverDue: async (deliver) => {
        let delivered = 0;
        while (await bus.deliverNext(deliver)) delivered += 1;
        return delivered;
      },
      deadLetters: async () => bus.deadLetters().map(({ subscription, message: { key } }) => ({ subscription, key })),
      letPass: async (span) => { clock.advance(span); },
    },
    close: () => environment.close(),
    reopen: async () => {
      await environment.close();
      return open(folder, clock);
    },
    crash: async () => {
      const copy = mkdtempSync(join(root, 'crashed-'));
      copyFileSync(file, join(copy, 'state.lmdb'));
      return open(copy, clock);
    },
  };
}

describeMessageBusContract('The bus in this process', async () => open(mkdtempSync(join(root, 'fresh-')), new ManualClock()));
