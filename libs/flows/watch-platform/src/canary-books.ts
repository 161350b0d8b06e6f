import type { EpochMs } from '@handoff/contracts';
import type { Ports, StateDocument, StateRef } from '@handoff/ports';
import { readJson, writeJson } from './watchdog-files.ts';

/** A place where it is noted when the newest message that has come back was sent. */
export interface CanaryBook {
  readonly name: 'objects' | 'state';
  /** Undefined before the first. */
  readonly read: (ports: Pick<Ports, 'objects' | 'state'>) => Promise<EpochMs | undefined>;
  readonly write: (ports: Pick<Ports, 'objects' | 'state'>, publishedAt: EpochMs) => Promise<void>;
}

interface Seen {
  readonly publishedAt: EpochMs;
}

const path = 'watchdog/canary.json';
const ref: StateRef = { collection: 'watchdog', id: 'canary' };

/** Two, since the loss of either is looked at by itself: what neither says is unknown, or the bus. */
export const canaryBooks: readonly CanaryBook[] = [
  {
    name: 'objects',
    read: async ({ objects }) => (await readJson<Seen>(objects, path))?.publishedAt,
    write: ({ objects }, publishedAt) => writeJson(objects, path, { publishedAt } satisfies Seen),
  },
  {
    name: 'state',
    read: async ({ state }) => (await state.get<Seen & StateDocument>(ref))?.value.publishedAt,
    write: async ({ state }, publishedAt) => { await state.batch([{ kind: 'set', ref, value: { publishedAt } satisfies Seen }]); },
  },
];
