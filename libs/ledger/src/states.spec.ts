import { describe, expect, it } from 'vitest';
import { ledgerStates, worstStateOf } from './states.ts';

describe('the worst of an output’s scopes', () => {
  it.each(ledgerStates)('knows %s', (state) => {
    expect(worstStateOf([state])).toBe(state);
  });

  it.each([
    ['MISSED', 'FAILED', 'FAILED'],
    ['EXPECTED', 'MISSED', 'MISSED'],
    ['COMPLETE', 'EXPECTED', 'EXPECTED'],
    ['COMPLETE', 'DEGRADED', 'DEGRADED'],
    ['EMPTY_OK', 'COMPLETE', 'COMPLETE'],
  ] as const)('of %s and %s is %s', (left, right, worst) => {
    expect(worstStateOf([left, right])).toBe(worst);
    expect(worstStateOf([right, left])).toBe(worst);
  });

  it('is none where there is no scope', () => {
    expect(worstStateOf([])).toBeUndefined();
  });
});
