import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import fromVitest, { assert as byName } from '../vitest/seeded-fast-check.ts';

/** What a property was tried with. */
function casesOf(assert: typeof fc.assert): readonly number[] {
  const drawn: number[] = [];
  assert(fc.property(fc.integer(), (value) => { drawn.push(value); }));
  return drawn;
}

describe('a property', () => {
  it('is tried with the same cases each time, however it is imported', () => {
    const first = casesOf(fc.assert);
    expect(first.length).toBeGreaterThanOrEqual(100);
    expect(casesOf(fc.assert)).toEqual(first);
    expect(casesOf(byName)).toEqual(first);
    expect(casesOf(fromVitest.assert)).toEqual(first);
  });

  it('is tried with others by another seed', () => {
    const drawn: number[] = [];
    fc.assert(fc.property(fc.integer(), (value) => { drawn.push(value); }), { seed: 2_000_000_011 });
    expect(drawn).not.toEqual(casesOf(fc.assert));
  });
});
