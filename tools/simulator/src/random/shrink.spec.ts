import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scenario } from '../scenario/scenario.ts';
import { shrink } from './shrink.ts';

const kinds = ['duplicate', 'drop', 'reorder', 'delay', 'unavailable', 'error', 'malformed'] as const;
const scenario = Scenario.parse({ name: 'spec', from: '2026-01-12', to: '2026-01-18', faults: kinds.map((kind) => ({ target: 'bus', kind, times: 5 })) });

describe('shrinking', () => {
  it('leaves the faults that matter, whichever they are, and no other', async () => {
    await fc.assert(fc.asyncProperty(fc.subarray([...kinds], { minLength: 1 }), async (needed) => {
      const smallest = await shrink(scenario, async ({ faults }) => needed.every((kind) => faults.some((fault) => fault.kind === kind)));
      expect(smallest.faults.map(({ kind }) => kind)).toEqual(kinds.filter((kind) => needed.includes(kind)));
      expect(smallest).toMatchObject({ from: '2026-01-12', to: '2026-01-12' });
      expect(smallest.faults.every(({ times }) => times === 1)).toBe(true);
    }), { numRuns: 60 });
  });

  it('keeps the days and the strikes that it needs', async () => {
    const smallest = await shrink(scenario, async ({ to, faults }) => to >= '2026-01-15' && faults.some(({ kind, times }) => kind === 'drop' && times === 5));
    expect(smallest).toMatchObject({ to: '2026-01-15', faults: [{ kind: 'drop', times: 5 }] });
  });

  it('finds one fault of seven in at most nine runs of plans', async () => {
    let runs = 0;
    await shrink({ ...scenario, to: scenario.from }, async ({ faults }) => { runs += 1; return faults.some(({ kind }) => kind === 'delay'); });
    expect(runs).toBeLessThanOrEqual(9);
  });
});
