import type { StateDocument, StateFilter, StateQuery, VersionedDocument } from '@handoff/ports';

/** True when the document has every filtered field and each filter holds. */
export function matches(value: StateDocument, filters: readonly StateFilter[]): boolean {
  return filters.every((filter) => holds(value[filter.field], filter));
}

function holds(actual: unknown, { operator, value }: StateFilter): boolean {
  if (actual === undefined) return false;
  if (operator === 'in') return Array.isArray(value) && value.some((candidate) => candidate === actual);
  if (operator === '==') return actual === value;
  return typeof actual === typeof value && compares(actual as string | number, operator, value as string | number);
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

/** Orders documents by a field, then by id. */
export function compareDocuments({ field, direction }: NonNullable<StateQuery['orderBy']>): (left: VersionedDocument, right: VersionedDocument) => number {
  const sign = direction === 'asc' ? 1 : -1;
  return (left, right) => sign * compareValues(left.value[field], right.value[field]) || compareValues(left.ref.id, right.ref.id);
}

function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [first, second] = [String(left), String(right)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
