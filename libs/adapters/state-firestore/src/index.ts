export { FirestoreStateStore, openFirestoreState, type StoreOptions } from './firestore-state-store.ts';
export type { FirestoreOptions } from './firestore-calls.ts';
