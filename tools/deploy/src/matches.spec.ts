import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf, fits, type Json } from './matches.ts';

describe('what is wanted', () => {
  it.each<readonly [what: string, wanted: Json, found: Json]>([
    ['is a part of what is there', { a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }],
    ['may be written as text by a service', { deadline: 600 }, { deadline: '600' }],
    ['is in a list, wherever', { members: ['b'] }, { members: ['a', 'b'] }],
    ['is a part of something in a list', [{ key: 'a' }], [{ key: 'b' }, { key: 'a', version: 'latest' }]],
    ['is nothing but that it is there', { policy: {} }, { policy: { ttl: '1s' } }],
    ['is nothing at all', {}, { name: 'a' }],
  ])('%s', (_, wanted, found) => {
    expect(differencesOf(wanted, found)).toEqual([]);
  });

  it.each<readonly [what: string, wanted: Json, found: Json | undefined, path: string]>([
    ['another value', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b'],
    ['a field that is not there', { a: { b: 1 } }, { a: {} }, 'a.b'],
    ['an object that is not there', { policy: {} }, {}, 'policy'],
    ['something that a list lacks', { members: ['a', 'c'] }, { members: ['a'] }, 'members'],
    ['a list where there is none', { members: ['a'] }, { members: 'a' }, 'members'],
    ['text that is no number', { deadline: 600 }, { deadline: '60' }, 'deadline'],
    ['a number where text is wanted', { version: '1' }, { version: 1 }, 'version'],
    ['nothing', { a: 1 }, undefined, ''],
  ])('differs by %s', (_, wanted, found, path) => {
    expect(differencesOf(wanted, found).map((difference) => difference.path)).toEqual([path]);
  });

  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);

  it('fits itself, whatever it is', () => {
    fc.assert(fc.property(json, (value) => { expect(fits(value, value)).toBe(true); }));
  });

  it('fits what has more than it, and not what has less', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'), json, { minKeys: 1, maxKeys: 4 }), (value) => {
      const less = Object.fromEntries(Object.entries(value).slice(1));
      expect([fits(less, value), fits(value, less)]).toEqual([true, false]);
    }));
  });
});
