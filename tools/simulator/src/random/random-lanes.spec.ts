import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dealSeeds, joinLanes } from './random-lanes.ts';
import type { RandomRun, RandomRunsReport } from './random-runs.ts';

const run = (seed: number, ok = true): RandomRun => ({ seed, from: '2026-01-12', to: '2026-01-18', ok, faults: [], violated: ok ? [] : ['no-natural-key-twice'] });
const report = (seeds: readonly number[], ok = true): RandomRunsReport => ({ schema: 'handoff.simulations/1', profile: 'default', days: 7, ok, runs: seeds.map((seed) => run(seed, ok)), nextSeed: 0 });
const seedsOf = (share: { seed: number; every: number; runs: number }): readonly number[] => Array.from({ length: share.runs }, (_, index) => share.seed + index * share.every);

it('deals every seed to exactly one lane, and no lane is without one', () => {
  fc.assert(fc.property(fc.nat(100), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), (seed, runs, lanesMax) => {
    const shares = dealSeeds(seed, runs, lanesMax);
    expect(shares.flatMap(seedsOf).toSorted((left, right) => left - right)).toEqual(Array.from({ length: runs }, (_, index) => seed + index));
    expect(shares.every((share) => share.runs > 0) && shares.length <= lanesMax).toBe(true);
  }));
});

it('joins lanes in order of seeds, and goes on with the first seed that no lane came to', () => {
  const joined = joinLanes(1, [report([1, 3, 5]), report([2])]);
  expect([joined.runs.map(({ seed }) => seed), joined.nextSeed, joined.ok]).toEqual([[1, 2, 3, 5], 4, true]);
});

it('is not ok as soon as one lane is not', () => {
  expect(joinLanes(1, [report([1]), report([2], false)])).toMatchObject({ ok: false, nextSeed: 3 });
});
