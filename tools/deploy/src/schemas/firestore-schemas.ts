import { expiringCollections, stateIndexes, type StateIndex } from '@handoff/catalogue';
import { expiryField } from '@handoff/ports';
import type { SchemaFile } from './bigquery-schemas.ts';

interface StateSchema {
  readonly indexes: readonly StateIndex[];
  /** Collections whose documents expire. */
  readonly expiring: readonly { readonly collection: string }[];
}

/** The indexes and time-to-live policies of the catalogue as the Firestore tools take them: what provisioning applies. */
export const firestoreSchemas = ({ indexes, expiring }: StateSchema = { indexes: stateIndexes, expiring: expiringCollections }): readonly SchemaFile[] => [
  { path: 'schemas/firestore/firestore.indexes.json', text: `${JSON.stringify({ indexes: indexes.map(indexOf), fieldOverrides: expiring.map(expiryOf) }, null, 2)}\n` },
];

const indexOf = ({ collection, fields }: StateIndex): object => ({
  collectionGroup: collection,
  queryScope: 'COLLECTION',
  fields: fields.map(({ field, direction }) => ({ fieldPath: field, order: direction === 'asc' ? 'ASCENDING' : 'DESCENDING' })),
});

/** Without an index: nobody asks by it, and one over times that rise would take each write at its end. */
const expiryOf = ({ collection }: { readonly collection: string }): object => ({ collectionGroup: collection, fieldPath: expiryField, ttl: true, indexes: [] });
