/** An index over several fields of a collection of the state store, in order. */
export interface StateIndex {
  readonly collection: string;
  readonly fields: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
}

/**
 * The composite indexes that Firestore has to be told of: none, since every query so far compares or orders one
 * field, which Firestore indexes by itself. The embedded state store refuses a query that needs one which is not
 * here, so that a test finds it and not production; the error names the index to add.
 */
export const stateIndexes: readonly StateIndex[] = [];
