import type { StateDocument, StateFilter, StateQuery, VersionedDocument } from '@handoff/ports';

/** True when the document has every filtered field, and the one that orders, and each filter holds. */
export function matches(value: StateDocument, { where, orderBy }: StateQuery): boolean {
  if (orderBy !== undefined && value[orderBy.field] === undefined) return false;
  return (where ?? []).every((filter) => holds(value[filter.field], filter));
}

function holds(actual: unknown, { operator, value }: StateFilter): boolean {
  if (actual === undefined) return false;
  if (operator === 'in') return Array.isArray(value) && value.some((candidate) => candidate === actual);
  if (operator === '==') return actual === value;
  if (actual === null || typeof actual === 'object' || typeof actual !== typeof value) return false;
  return compares(actual as string | number, operator, value as string | number);
}

function compares(left: string | number, operator: '<' | '<=' | '>' | '>=', right: string | number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Orders documents by a field: by type as Firestore does (null, booleans, numbers, text), then by value. */
export function compareDocuments({ field, direction }: NonNullable<StateQuery['orderBy']>): (left: VersionedDocument, right: VersionedDocument) => number {
  const sign = direction === 'asc' ? 1 : -1;
  return (left, right) => sign * compareValues(left.value[field], right.value[field]);
}

function compareValues(left: unknown, right: unknown): number {
  const [first, second] = [rankOf(left), rankOf(right)];
  if (first !== second) return first - second;
  if (typeof left === 'object' || left === right) return 0;
  return (left as string | number | boolean) < (right as string | number | boolean) ? -1 : 1;
}

const ranks: Readonly<Record<string, number>> = { boolean: 1, number: 2, string: 3 };
const rankOf = (value: unknown): number => (value === null ? 0 : (ranks[typeof value] ?? 4));
