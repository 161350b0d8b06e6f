import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorageClient, GcsObjectStore } from '@handoff/objects-gcs';
import type { ObjectStore } from '@handoff/ports';
import { describeObjectStoreContract, ManualClock, type Opened } from '@handoff/testing';
import { afterAll } from 'vitest';
import { startStorageLocal, type StorageLocal } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-storage-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

function connect(server: StorageLocal): Opened<ObjectStore> {
  const subject = new GcsObjectStore({ client: createStorageClient({ project: 'contract', endpoint: server.url }), bucket: 'contract' });
  const again = async (): Promise<Opened<ObjectStore>> => connect(server);
  return { subject, reopen: again, crash: again, close: async () => undefined };
}

describeObjectStoreContract('The Cloud Storage client', async () => {
  const server = await startStorageLocal({ folder: mkdtempSync(join(root, 'bucket-')), buckets: ['contract'], clock: new ManualClock() });
  return { ...connect(server), close: () => server.close() };
});
