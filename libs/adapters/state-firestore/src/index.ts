export { FirestoreStateStore, openFirestoreState } from './firestore-state-store.ts';
export type { FirestoreOptions } from './firestore-calls.ts';
