export { FirestoreStateStore, openFirestoreState } from './firestore-state-store.ts';
export type { FirestoreOptions } from './firestore-calls.ts';
export { indexKey, indexNeededBy, type CompositeIndex, type IndexedField } from './composite-index.ts';
