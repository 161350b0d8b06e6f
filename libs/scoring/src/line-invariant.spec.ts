import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLineConsistent, judgeContradictedLines, refuseContradictedLine } from './line-invariant.ts';

describe('a row with a line', () => {
  it.each([
    [true, 'ACTUAL_PROP', true], [false, 'NO_PROP_LINE', true], [false, 'ESTIMATED_AVG', true],
    [false, 'ACTUAL_PROP', false], [true, 'NO_PROP_LINE', false], [true, 'ESTIMATED_AVG', false],
  ])('has_prop_line %s with line_source %s: consistent %s', (hasLine, source, consistent) => {
    const row = { player_lookup: 'lukadoncic', has_prop_line: hasLine, line_source: source };
    expect(isLineConsistent(row)).toBe(consistent);
    if (consistent) expect(() => { refuseContradictedLine(row); }).not.toThrow();
    else expect(() => { refuseContradictedLine(row); }).toThrow(expect.objectContaining({ code: 'line-source-contradicted', disposition: 'reject' }) as Error);
  });
});

describe('contradicted rows of a date', () => {
  it.each([[222, 0, 'ok'], [222, 1, 'warning'], [222, 111, 'warning'], [222, 112, 'critical'], [222, 218, 'critical'], [0, 0, 'ok']])('of %i, %i: %s', (predictions, contradicted, severity) => {
    expect(judgeContradictedLines({ predictions, contradicted })).toBe(severity);
  });

  it('never become less severe as there are more of them', () => {
    const order = ['ok', 'warning', 'critical'];
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), (predictions, some) => {
      const contradicted = Math.min(some, predictions - 1);
      const [fewer, more] = [contradicted, contradicted + 1].map((count) => order.indexOf(judgeContradictedLines({ predictions, contradicted: count })));
      expect(fewer).toBeLessThanOrEqual(more ?? -1);
    }));
  });
});
