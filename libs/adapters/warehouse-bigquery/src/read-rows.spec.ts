import { describe, expect, it } from 'vitest';
import { readRows } from './read-rows.ts';

const read = (type: string, value: unknown, mode = 'NULLABLE') => readRows([{ name: 'value', type, mode }], [{ f: [{ v: value }] }], 'test')[0]?.['value'];

describe('a value of a result', () => {
  it.each([
    ['STRING', 'x', 'x'], ['INTEGER', '42', 42], ['INT64', '-9007199254740991', -9007199254740991], ['FLOAT', '1.5E-3', 0.0015], ['BOOLEAN', 'true', true], ['BOOL', 'false', false],
    ['DATE', '2026-01-24', '2026-01-24'], ['TIMESTAMP', '1769256000123456', 1769256000123], ['JSON', '{"a":[1,null]}', { a: [1, null] }], ['FLOAT', null, null],
  ])('of type %s, written %s, is %s', (type, text, value) => {
    expect(read(type, text)).toEqual(value);
  });

  it('that is repeated is an array, and never null', () => {
    expect(read('INTEGER', [{ v: '1' }, { v: '2' }], 'REPEATED')).toEqual([1, 2]);
    expect(read('INTEGER', null, 'REPEATED')).toEqual([]);
  });

  it.each([['INTEGER', '9007199254740993'], ['FLOAT', 'NaN'], ['FLOAT', 'Infinity'], ['NUMERIC', '1.5'], ['RECORD', { f: [] }]])('of type %s that a row cannot carry (%s) is refused', (type, text) => {
    expect(() => read(type, text)).toThrow(expect.objectContaining({ code: 'warehouse-statement-refused' }) as Error);
  });

  it('without a name is refused', () => {
    expect(() => readRows([{ name: 'f0_', type: 'STRING' }], [], 'test')).toThrow('write AS name');
  });
});
