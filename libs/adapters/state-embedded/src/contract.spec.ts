import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateStore } from '@handoff/ports';
import { describeStateStoreContract, type Opened } from '@handoff/testing';
import { afterAll } from 'vitest';
import { EmbeddedStateStore, openEmbeddedEnvironment, type Durability } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-state-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

function open(folder: string, durability: Durability): Opened<StateStore> {
  const file = join(folder, 'state.lmdb');
  const environment = openEmbeddedEnvironment(file, durability);
  return {
    subject: new EmbeddedStateStore(environment),
    close: () => environment.close(),
    reopen: async () => {
      await environment.close();
      return open(folder, durability);
    },
    // A killed process leaves the files as they are: so does a copy of them. A process that is really killed is in crash.spec.ts.
    crash: async () => {
      // Nothing is promised of one that dies.
      if (durability === 'close') await environment.close();
      const copy = mkdtempSync(join(root, 'crashed-'));
      cpSync(folder, copy, { recursive: true, filter: (source) => !source.endsWith('-lock') });
      return open(copy, durability);
    },
  };
}

describeStateStoreContract('lmdb, written as it is closed,', async () => open(mkdtempSync(join(root, 'fresh-')), 'close'));
describeStateStoreContract('lmdb, safe from the death of the process,', async () => open(mkdtempSync(join(root, 'fresh-')), 'process'));
describeStateStoreContract('lmdb, safe from the death of the machine,', async () => open(mkdtempSync(join(root, 'fresh-')), 'disk'));
