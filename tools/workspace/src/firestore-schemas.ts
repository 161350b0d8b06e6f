import { stateIndexes, type StateIndex } from '@handoff/catalogue';
import type { SchemaFile } from './bigquery-schemas.ts';

/** The indexes of the catalogue as the Firestore tools take them: what provisioning applies. */
export const firestoreSchemas = (indexes: readonly StateIndex[] = stateIndexes): readonly SchemaFile[] => [
  { path: 'schemas/firestore/firestore.indexes.json', text: `${JSON.stringify({ indexes: indexes.map(indexOf), fieldOverrides: [] }, null, 2)}\n` },
];

const indexOf = ({ collection, fields }: StateIndex): object => ({
  collectionGroup: collection,
  queryScope: 'COLLECTION',
  fields: fields.map(({ field, direction }) => ({ fieldPath: field, order: direction === 'asc' ? 'ASCENDING' : 'DESCENDING' })),
});
