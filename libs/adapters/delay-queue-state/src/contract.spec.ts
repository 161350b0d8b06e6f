import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { describeDelayQueueContract, KeepingBus, type ContractDelays, type Opened } from '@handoff/testing';
import { afterAll } from 'vitest';
import { StateDelayQueue } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-delays-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

function open(folder: string): Opened<ContractDelays> {
  const file = join(folder, 'state.lmdb');
  const environment = openEmbeddedEnvironment(file);
  const bus = new KeepingBus();
  return {
    subject: {
      delays: new StateDelayQueue(new EmbeddedStateStore(environment), bus),
      published: () => bus.published,
      interceptPublish: (key, instead) => { bus.intercepts.set(key, instead); },
    },
    close: () => environment.close(),
    reopen: async () => {
      await environment.close();
      return open(folder);
    },
    crash: async () => {
      const copy = mkdtempSync(join(root, 'crashed-'));
      copyFileSync(file, join(copy, 'state.lmdb'));
      return open(copy);
    },
  };
}

describeDelayQueueContract('The queue in the state store', async () => open(mkdtempSync(join(root, 'fresh-'))));
