import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedBus } from '@handoff/bus-embedded';
import { alertChannels, deadLetterName, deadLetterSubscriptions, stateIndexes, subscriptions as catalogueSubscriptions, tableSubscriptions, tables, topics, views } from '@handoff/catalogue';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import type { Instance } from '@handoff/function-host';
import { IncidentNotifier } from '@handoff/notifier-state';
import { RecordingChannel } from '@handoff/notify-recording';
import { FileObjectStore } from '@handoff/objects-files';
import type { Clock, HttpSource, Log, NoticeChannel, Ports } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { EmbeddedStateStore, openEmbeddedEnvironment, type Durability, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';

export interface EmbeddedOptions {
  /** The folder that holds everything; made when it is missing. One process owns it. */
  readonly folder: string;
  readonly clock: Clock;
  readonly sources: HttpSource;
  readonly log: Log;
  readonly seed?: number;
  /** Default `process`. `close` is for runs that are begun anew when their process dies, and that hardly anybody looks at afterwards. */
  readonly durability?: Durability;
  /** By which people are told; absent: channels that only keep what they are given. */
  readonly channels?: readonly NoticeChannel[];
  /** Subscriptions that deliver nothing: as if an operator had deleted them. */
  readonly detached?: ReadonlySet<string>;
}

/** The embedded profile: everything in this process and one folder. */
export interface EmbeddedSystem {
  readonly ports: Ports;
  readonly instance: Instance;
  readonly bus: EmbeddedBus;
  readonly warehouse: DuckDbWarehouse;
  readonly notifier: IncidentNotifier;
  close(): Promise<void>;
}

/**
 * Opens the embedded profile. What an earlier process had in hand is given up at once: there is one owner of
 * the folder, so every other holder of a claim is gone.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedSystem> {
  const { folder, clock, sources, log } = options;
  mkdirSync(folder, { recursive: true });
  const environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'), options.durability);
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), tables, views, clock, leavesLog: options.durability === 'close' });
  const state = new EmbeddedStateStore(environment, stateIndexes);
  const objects = new FileObjectStore(join(folder, 'objects'));
  const channels = options.channels ?? alertChannels.map(({ name }) => new RecordingChannel(name));
  const notifier = new IncidentNotifier({ state, objects, channels, log });
  const bus = busOf(environment, options);
  const ports: Ports = {
    clock, sources, log, warehouse, state, bus, objects, notifier,
    random: new SeededRandom(options.seed ?? 1),
    delays: new StateDelayQueue(state, bus),
  };
  return {
    ports, bus, warehouse, notifier,
    instance: await nextInstance(state),
    async close() {
      await warehouse.close();
      await environment.close();
    },
  };
}

function busOf(environment: EmbeddedEnvironment, { clock, detached }: EmbeddedOptions): EmbeddedBus {
  const keeping = deadLetterSubscriptions.map((subscription) => ({ ...subscription, deliveriesMax: Number.POSITIVE_INFINITY }));
  const subscriptions = [...catalogueSubscriptions, ...tableSubscriptions, ...keeping].filter(({ name }) => detached?.has(name) !== true);
  return new EmbeddedBus({ transaction: environment, clock, topics, subscriptions, deadLettersTo: deadLetterName });
}

async function nextInstance(state: EmbeddedStateStore): Promise<Instance> {
  const ref = { collection: 'instances', id: 'embedded' };
  await state.increment(ref, 'count', 1);
  const known = await state.get<{ count: number }>(ref);
  const id = `embedded-${known?.value.count ?? 0}`;
  return { id, isGone: (holder) => holder !== id };
}
