import { expiringCollections, stateIndexes, tables, views } from '@handoff/catalogue';
import { openPubSubBus } from '@handoff/bus-pubsub';
import { createStorageClient, GcsObjectStore } from '@handoff/objects-gcs';
import type { Clock, Log, Ports } from '@handoff/ports';
import { openFirestoreState } from '@handoff/state-firestore';
import { BigQueryWarehouse, createBigQueryClient, type QuotaWatch } from '@handoff/warehouse-bigquery';

/** Something on this machine that answers in place of Google, without credentials. */
export interface GoogleEndpoints {
  /** `http://127.0.0.1:9050`. */
  readonly bigQuery: string;
  /** `http://127.0.0.1:9051`. */
  readonly storage: string;
  readonly firestore: { readonly host: string; readonly port: number };
  readonly pubSub: { readonly host: string; readonly port: number };
}

export interface GoogleOptions {
  readonly project: string;
  /** Where datasets and jobs are, `US` for example. */
  readonly location: string;
  readonly bucket: string;
  /** Absent: Google itself, with the credentials of the environment. */
  readonly endpoints?: GoogleEndpoints;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears when a quota of BigQuery is near. */
  readonly quotaWatch?: QuotaWatch;
}

/** The four stores that Google keeps. */
export type GoogleStores = Pick<Ports, 'warehouse' | 'state' | 'bus' | 'objects'>;

export interface OpenGoogleStores {
  readonly stores: GoogleStores;
  /** Waits for what was asked for, then closes the clients. */
  close(): Promise<void>;
}

/** Opens the stores of one process on Google's clients; nothing is called before the first use. */
export function openGoogle({ project, location, bucket, endpoints, clock, log, quotaWatch }: GoogleOptions): OpenGoogleStores {
  const [bigQueryAt, storageAt] = endpoints === undefined ? [{}, {}] : [{ endpoint: endpoints.bigQuery }, { endpoint: endpoints.storage }];
  const [firestoreAt, pubSubAt] = endpoints === undefined ? [{}, {}] : [{ emulator: endpoints.firestore }, { emulator: endpoints.pubSub }];
  const warehouse = new BigQueryWarehouse({ client: createBigQueryClient({ project, location, ...bigQueryAt }), tables, views, clock, log, holdsBack: endpoints === undefined, ...(quotaWatch === undefined ? {} : { quotaWatch }) });
  const state = openFirestoreState({ projectId: project, indexes: stateIndexes, lifetimes: expiringCollections, clock, ...firestoreAt });
  const bus = openPubSubBus({ projectId: project, ...pubSubAt });
  const objects = new GcsObjectStore({ client: createStorageClient({ project, ...storageAt }), bucket });
  return {
    stores: { warehouse, state, bus, objects },
    async close() {
      await warehouse.idle();
      await bus.close();
      await state.close();
    },
  };
}
