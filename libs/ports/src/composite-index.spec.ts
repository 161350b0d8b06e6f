import { describe, expect, it } from 'vitest';
import { indexKey, indexNeededBy, refuseWithoutIndex, type StateFilter, type StateQuery } from './index.ts';

const where = (field: string, operator: StateFilter['operator']): StateFilter => ({ field, operator, value: operator === 'in' ? ['x'] : 'x' });
const asc = (field: string) => ({ field, direction: 'asc' }) as const;
const desc = (field: string) => ({ field, direction: 'desc' }) as const;

describe('a query', () => {
  it.each<[what: string, query: Omit<StateQuery, 'collection'>, needed: string | undefined]>([
    ['of a whole collection', {}, undefined],
    ['of equal fields', { where: [where('a', '=='), where('b', '=='), where('c', 'in')] }, undefined],
    ['that compares one field', { where: [where('a', '>='), where('a', '<')] }, undefined],
    ['that compares the field which orders', { where: [where('a', '<=')], orderBy: asc('a') }, undefined],
    ['in order of one field', { orderBy: asc('a') }, undefined],
    ['of one field, in order of it', { where: [where('a', 'in')], orderBy: asc('a') }, undefined],
    ['downwards', { orderBy: desc('a') }, 'things, a desc, __name__ asc'],
    ['of an equal field, in order of another', { where: [where('b', '==')], orderBy: asc('a') }, 'things, b asc, a asc'],
    ['of equal fields that compares another', { where: [where('c', '=='), where('a', '>'), where('b', '==')] }, 'things, b asc, c asc, a asc'],
    ['that compares two fields', { where: [where('b', '>'), where('a', '<')] }, 'things, b asc, a asc'],
    ['that compares one field, in order of another', { where: [where('b', '>')], orderBy: desc('a') }, 'things, a desc, b asc, __name__ asc'],
  ])('%s needs the index it should', (_, query, needed) => {
    const index = indexNeededBy({ collection: 'things', ...query });
    expect(index === undefined ? undefined : indexKey(index)).toBe(needed);
  });

  it('that needs an index which is not declared is refused', () => {
    const query: StateQuery = { collection: 'things', where: [where('b', '==')], orderBy: asc('a') };
    const refused = expect.objectContaining({ code: 'state-index-missing', disposition: 'defer', facts: { index: 'things, b asc, a asc' } }) as Error;
    expect(() => { refuseWithoutIndex(query, []); }).toThrow(refused);
    expect(() => { refuseWithoutIndex(query, [{ collection: 'others', fields: [asc('b'), asc('a')] }]); }).toThrow(refused);
    expect(() => { refuseWithoutIndex(query, [{ collection: 'things', fields: [asc('b'), asc('a')] }]); }).not.toThrow();
  });
});
