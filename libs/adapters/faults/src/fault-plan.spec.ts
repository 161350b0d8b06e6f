import { after, minutes, milliseconds } from '@handoff/contracts';
import { SeededRandom } from '@handoff/random-seeded';
import { ManualClock } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { FaultPlan, skewedClock, type Fault } from './index.ts';

const planOf = (faults: readonly Fault[], clock = new ManualClock(), seed = 1) => new FaultPlan({ faults, clock, random: new SeededRandom(seed) });
const call = { targets: ['state'], kinds: ['unavailable', 'error'] } as const;

describe('a fault', () => {
  it('strikes calls to its target that can meet its kind, and no others', () => {
    const plan = planOf([{ target: 'warehouse:raw.scores', kind: 'unavailable' }]);
    const kinds = ['unavailable'] as const;
    expect(plan.strike({ targets: ['warehouse', 'warehouse:raw.scores'], kinds })).toMatchObject({ kind: 'unavailable' });
    expect(plan.strike({ targets: ['warehouse', 'warehouse:raw.other'], kinds })).toBeUndefined();
    expect(plan.strike({ targets: ['warehouse:raw.scores'], kinds: ['error'] })).toBeUndefined();
    expect(plan.fired()).toMatchObject([{ fired: 1 }]);
  });

  it.each([[-1, 0], [0, 1], [9, 1], [10, 0]])('from noon to ten past strikes %i minutes after noon: %i', (minute, fired) => {
    const clock = new ManualClock();
    const plan = planOf([{ target: 'state', kind: 'error', at: clock.now(), until: after(clock.now(), minutes(10)) }], clock);
    clock.advance(minutes(minute));
    plan.strike(call);
    expect(plan.fired()[0]?.fired).toBe(fired);
  });

  it('with times strikes that often, then lets the next fault of the plan have the call', () => {
    const plan = planOf([{ target: 'state', kind: 'error', times: 2 }, { target: 'state', kind: 'unavailable' }]);
    expect(Array.from({ length: 4 }, () => plan.strike(call)?.kind)).toEqual(['error', 'error', 'unavailable', 'unavailable']);
    expect(plan.fired().map(({ fired }) => fired)).toEqual([2, 2]);
  });

  it('with a rate strikes that share of calls, the same ones for one seed', () => {
    const struck = (seed: number) => {
      const plan = planOf([{ target: 'state', kind: 'error', rate: 0.1 }], new ManualClock(), seed);
      return Array.from({ length: 5_000 }, () => plan.strike(call) !== undefined);
    };
    // 500 of 5,000; 85 is four standard deviations.
    expect(Math.abs(struck(7).filter(Boolean).length - 500)).toBeLessThan(85);
    expect(struck(7)).toEqual(struck(7));
    expect(struck(7)).not.toEqual(struck(8));
  });

  it('that is not active draws nothing, so that another fault later in the plan strikes as if it were alone', () => {
    const later: Fault = { target: 'state', kind: 'error', rate: 0.5 };
    const clock = new ManualClock();
    const over: Fault = { target: 'state', kind: 'unavailable', rate: 0.5, until: clock.now() };
    const struck = (faults: readonly Fault[]) => {
      const plan = planOf(faults, clock);
      return Array.from({ length: 50 }, () => plan.strike(call)?.kind);
    };
    expect(struck([over, later])).toEqual(struck([later]));
  });

  it.each<Partial<Fault>>([{ rate: 0 }, { rate: 1.1 }, { rate: NaN }, { times: 0 }, { times: 1.5 }, { at: new ManualClock().now(), until: new ManualClock().now() }])('that could never fire is refused: %j', (part) => {
    expect(() => planOf([{ target: 'state', kind: 'error', ...part }])).toThrow(/fault error on state: its|fault error on state: it/);
  });
});

describe('a plan', () => {
  it('tells which faults are active without drawing or counting, and notes when each struck first and last', () => {
    const clock = new ManualClock();
    const start = clock.now();
    const plan = planOf([{ target: 'state', kind: 'error', rate: 0.001 }, { target: 'state', kind: 'unavailable', until: after(start, minutes(1)) }, { target: 'bus', kind: 'error' }], clock);
    const active = plan.active(call);
    expect(active.map(({ kind }) => kind)).toEqual(['error', 'unavailable']);
    expect(plan.fired().map(({ fired }) => fired)).toEqual([0, 0, 0]);
    for (const fault of active.slice(0, 1)) {
      plan.count(fault);
      clock.advance(minutes(5));
      plan.count(fault);
    }
    expect(plan.fired()[0]).toMatchObject({ fired: 2, firstAt: start, lastAt: after(start, minutes(5)) });
    expect(plan.active(call).map(({ kind }) => kind)).toEqual(['error']);
  });

  it('counts the same fault written twice as two', () => {
    const fault: Fault = { target: 'state', kind: 'error', times: 1 };
    const plan = planOf([fault, fault]);
    expect([plan.strike(call)?.kind, plan.strike(call)?.kind, plan.strike(call)]).toEqual(['error', 'error', undefined]);
  });

  it('draws a share of names: the same for one seed and fault, whatever was asked before', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `game-${index}`);
    const drawn = (seed: number, asked = names) => {
      const plan = planOf([{ target: 'source:bdl', kind: 'partial' }], new ManualClock(), seed);
      return asked.filter((name) => plan.faults.some((fault) => plan.draws(fault, name, 0.25)));
    };
    // 500 of 2,000; 78 is four standard deviations.
    expect(Math.abs(drawn(1).length - 500)).toBeLessThan(78);
    expect(drawn(1, names.toReversed()).toSorted()).toEqual(drawn(1).toSorted());
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});

describe('a skewed clock', () => {
  it('is five minutes ahead where the fault does not say', () => {
    const clock = new ManualClock();
    expect(skewedClock(clock, planOf([{ target: 'clock', kind: 'skew' }], clock)).now() - clock.now()).toBe(minutes(5));
  });

  it.each([[90_000], [-90_000]])('is off by %i ms while the fault is active by the true time, and right again after', (span) => {
    const clock = new ManualClock();
    const start = clock.now();
    const plan = planOf([{ target: 'clock', kind: 'skew', span: milliseconds(span), at: after(start, minutes(1)), until: after(start, minutes(2)) }], clock);
    const skewed = skewedClock(clock, plan);
    const read = [0, 1, 1].map((minute) => {
      clock.advance(minutes(minute));
      return skewed.now() - clock.now();
    });
    expect(read).toEqual([0, span, 0]);
    expect(plan.fired()[0]?.fired).toBe(1);
  });
});
