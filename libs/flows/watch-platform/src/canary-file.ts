import type { EpochMs } from '@handoff/contracts';
import type { ObjectStore } from '@handoff/ports';
import { readJson, writeJson } from './watchdog-files.ts';

interface Seen {
  readonly publishedAt: EpochMs;
}

const path = 'watchdog/canary.json';

/** When the newest message that has come back was sent; undefined before the first, and where the file is lost or cut off. */
export const readCanary = async (objects: ObjectStore): Promise<EpochMs | undefined> => (await readJson<Seen>(objects, path))?.publishedAt;
export const writeCanary = (objects: ObjectStore, publishedAt: EpochMs): Promise<void> => writeJson(objects, path, { publishedAt } satisfies Seen);
