import type { DurationMs } from '@handoff/contracts';
import type { StateDocument } from './state-store.ts';

/** A collection whose documents a store may delete by itself, some time after they have expired; until then they are read as ever. */
export interface DocumentLifetime {
  readonly collection: string;
  /** From the last write of a document. */
  readonly keptForMs: DurationMs;
  /** False for a document that does not expire as it is. Absent: each does. */
  readonly isOver?: (document: StateDocument) => boolean;
}

/** The field in which Firestore is told when a document expires. It is the store's own: no document is read with it, and one that has a field of this name keeps it. */
export const expiryField = 'expiresAt';
