import { stateRefusals } from './state-refusals.ts';
import type { StateQuery } from './state-store.ts';

export interface IndexedField {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** An index over several fields of a collection. Firestore makes those over one field by itself. */
export interface CompositeIndex {
  readonly collection: string;
  readonly fields: readonly IndexedField[];
}

/** How an index orders equal entries: by the document's name. */
const nameField = '__name__';

/**
 * The index that Firestore must have been told of to answer a query; undefined where its own suffice: any number
 * of equal fields, or one field that is compared or orders. The emulator answers every query, so that only this
 * tells. Ties are ordered by id upwards whatever the direction, which is why a query downwards needs an index.
 */
export function indexNeededBy({ collection, where = [], orderBy }: StateQuery): CompositeIndex | undefined {
  // As a rule there is no filter, and every hand-off asks.
  if (where.length === 0 && orderBy?.direction !== 'desc') return undefined;
  const isEquality = (operator: string): boolean => operator === '==' || operator === 'in';
  const compared = new Set(where.filter(({ operator }) => !isEquality(operator)).map(({ field }) => field));
  const inOrder = [...(orderBy === undefined ? [] : [orderBy]), ...[...compared].filter((field) => field !== orderBy?.field).map(upwards)];
  const equal = [...new Set(where.filter(({ operator }) => isEquality(operator)).map(({ field }) => field))].filter((field) => !inOrder.some((one) => one.field === field)).sort();
  const isDescending = orderBy?.direction === 'desc';
  if (inOrder.length === 0 || (equal.length === 0 && inOrder.length === 1 && !isDescending)) return undefined;
  return { collection, fields: [...equal.map(upwards), ...inOrder, ...(isDescending ? [upwards(nameField)] : [])] };
}

const upwards = (field: string): IndexedField => ({ field, direction: 'asc' });

/** The same for the same index, however it was made. */
export const indexKey = ({ collection, fields }: CompositeIndex): string => [collection, ...fields.map(({ field, direction }) => `${field} ${direction}`)].join(', ');

/**
 * Refuses a query that needs an index which is not declared, as Firestore itself would, and its emulator never does.
 *
 * @throws `state-index-missing` (defer).
 */
export function refuseWithoutIndex(query: StateQuery, declared: readonly CompositeIndex[]): void {
  const needed = indexNeededBy(query);
  if (needed === undefined || declared.some((index) => indexKey(index) === indexKey(needed))) return;
  throw stateRefusals.indexMissing(query.collection, indexKey(needed));
}
