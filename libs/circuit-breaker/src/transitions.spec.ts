import { after, before, epochMs, hours, milliseconds, minutes, seconds, type EpochMs } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, closedAt, failureCountOf, isBatchBroken, isClear, recordFailure, recordSuccess, refuseBadPolicy, reset, type BreakerPolicy, type BreakerState } from './index.ts';

const start = epochMs(1_769_256_000_000);
const policy: BreakerPolicy = { failuresMax: 5, failureWindow: hours(1), openFor: minutes(30), trialsMax: 3, trialFor: minutes(2) };

const failing = (count: number, own = policy, at = start): BreakerState => {
  let state = closedAt(at);
  for (let failure = 0; failure < count; failure += 1) state = recordFailure(state, own, at);
  return state;
};
const opened = (own = policy): BreakerState => failing(own.failuresMax, own);

describe('a closed breaker', () => {
  it.each`
    failures | mode
    ${0}     | ${'closed'}
    ${4}     | ${'closed'}
    ${5}     | ${'open'}
  `('is $mode after $failures failures', ({ failures, mode }: { failures: number; mode: string }) => {
    expect(failing(failures).mode).toBe(mode);
  });

  it('forgets four failures with one success', () => {
    const state = recordSuccess(failing(4), start);
    expect(isClear(state)).toBe(true);
    expect(recordFailure(state, policy, start)).toMatchObject({ mode: 'closed', failures: [start] });
  });

  it('forgets a failure when it is as long ago as the window, and not a millisecond earlier', () => {
    const within = recordFailure(failing(4), policy, after(start, milliseconds(policy.failureWindow - 1)));
    expect(within.mode).toBe('open');
    expect(recordFailure(failing(4), policy, after(start, policy.failureWindow))).toMatchObject({ mode: 'closed', failures: [after(start, policy.failureWindow)] });
  });

  it('admits and keeps nothing of it', () => {
    const state = failing(4);
    expect(admit(state, policy, start)).toEqual({ admission: { verdict: 'admit', reason: 'closed' }, state });
  });
});

describe('an open breaker', () => {
  it('refuses until its end, says when that is, and tries from then on', () => {
    const until = after(start, policy.openFor);
    expect(admit(opened(), policy, before(until, milliseconds(1))).admission).toEqual({ verdict: 'refuse', reason: 'open', until });
    expect(admit(opened(), policy, until).admission).toEqual({ verdict: 'admit', reason: 'trial' });
  });

  it('is not touched by what calls report that were let through before it opened', () => {
    const state = opened();
    expect(recordFailure(state, policy, after(start, minutes(1)))).toBe(state);
    expect(recordSuccess(state, after(start, minutes(1)))).toBe(state);
  });
});

describe('a half-open breaker', () => {
  const tried = admit(opened(), policy, after(start, policy.openFor)).state;

  it('opens again with a failure, for the whole span, and still knows when it first opened', () => {
    const failedAt = after(start, minutes(31));
    expect(recordFailure(tried, policy, failedAt)).toEqual({ mode: 'open', changedAt: failedAt, openedAt: start, until: after(failedAt, policy.openFor), failureCount: 6 });
  });

  it('lets a new round through when none of the last has reported in its time', () => {
    let state = tried;
    for (let taken = 1; taken < policy.trialsMax; taken += 1) state = admit(state, policy, after(start, policy.openFor)).state;
    const roundEndsAt = after(after(start, policy.openFor), policy.trialFor);
    expect(admit(state, policy, before(roundEndsAt, milliseconds(1))).admission).toEqual({ verdict: 'refuse', reason: 'trials-taken', until: roundEndsAt });
    expect(admit(state, policy, roundEndsAt)).toMatchObject({ admission: { verdict: 'admit', reason: 'trial' }, state: { trials: 1 } });
  });
});

describe('a batch', () => {
  it.each`
    failed | total | broken
    ${0}   | ${0}  | ${false}
    ${3}   | ${12} | ${false}
    ${6}   | ${12} | ${false}
    ${7}   | ${12} | ${true}
    ${1}   | ${1}  | ${true}
  `('with $failed of $total in conflict is broken: $broken', ({ failed, total, broken }: { failed: number; total: number; broken: boolean }) => {
    expect(isBatchBroken({ failed, total }, 50)).toBe(broken);
  });
});

describe('a policy', () => {
  it.each(Object.keys(policy))('without a whole %s above 0 is refused', (name) => {
    for (const wrong of [0, -1, 0.5, Number.NaN]) expect(() => { refuseBadPolicy({ ...policy, [name]: wrong }); }).toThrow(name);
    expect(() => { refuseBadPolicy(policy); }).not.toThrow();
  });
});

/** Numbers small enough that every edge is met often. */
const policies = fc.record({
  failuresMax: fc.integer({ min: 1, max: 4 }),
  failureWindow: fc.integer({ min: 1, max: 40 }).map(seconds),
  openFor: fc.integer({ min: 1, max: 30 }).map(seconds),
  trialsMax: fc.integer({ min: 1, max: 4 }),
  trialFor: fc.integer({ min: 1, max: 10 }).map(seconds),
});

/** What is done to a breaker, and how many seconds later by a clock that may also be behind. */
const steps = fc.array(fc.record({ does: fc.constantFrom('admit', 'failure', 'success', 'reset'), later: fc.integer({ min: -5, max: 20 }) }), { maxLength: 60 });

interface Step {
  readonly before: BreakerState;
  readonly state: BreakerState;
  readonly does: string;
  readonly now: EpochMs;
  readonly verdict: string | undefined;
}

function lived(own: BreakerPolicy, plan: readonly { readonly does: string; readonly later: number }[]): readonly Step[] {
  let [state, now]: [BreakerState, EpochMs] = [closedAt(start), start];
  return plan.map(({ does, later }) => {
    now = after(now, seconds(later));
    const held = state;
    const admitted = does === 'admit' ? admit(held, own, now) : undefined;
    state = admitted?.state ?? (does === 'failure' ? recordFailure(held, own, now) : does === 'success' ? recordSuccess(held, now) : reset(held, now));
    return { before: held, state, does, now, verdict: admitted?.admission.verdict };
  });
}

const always = (holds: (step: Step, own: BreakerPolicy) => void): void => {
  fc.assert(fc.property(policies, steps, (own, plan) => { for (const step of lived(own, plan)) holds(step, own); }), { numRuns: 500 });
};

describe('whatever happens in whatever order', () => {
  it('nothing is admitted while it is open, before its end', () => {
    always(({ before: held, verdict, now }) => {
      if (held.mode === 'open' && now < held.until && verdict !== undefined) expect(verdict).toBe('refuse');
    });
  });

  it('it opens only with as many failures as its policy names, and for its whole span', () => {
    always(({ before: held, state, now }, own) => {
      if (state.mode !== 'open' || held.mode === 'open') return;
      expect(failureCountOf(state)).toBeGreaterThanOrEqual(own.failuresMax);
      expect(state.until).toBe(after(now > held.changedAt ? now : held.changedAt, own.openFor));
    });
  });

  it('time does not go back', () => {
    always(({ before: held, state }) => { expect(state.changedAt).toBeGreaterThanOrEqual(held.changedAt); });
  });

  it('a reset leaves nothing that counts', () => {
    always(({ does, state }) => { if (does === 'reset') expect(isClear(state)).toBe(true); });
  });

  it('a success closes it unless it is open', () => {
    always(({ does, before: held, state }) => { if (does === 'success') expect(isClear(state)).toBe(held.mode !== 'open'); });
  });

  it('a closed breaker has fewer failures than open it, all in order', () => {
    always(({ state }, own) => {
      if (state.mode !== 'closed') return;
      expect(state.failures.length).toBeLessThan(own.failuresMax);
      expect(state.failures).toEqual(state.failures.toSorted((a, b) => a - b));
    });
  });
});

describe('half-open, in one round', () => {
  it('exactly as many calls are let through as the policy names, however many ask', () => {
    fc.assert(fc.property(policies, fc.integer({ min: 0, max: 10 }), (own, more) => {
      let state = opened(own);
      const at = after(start, own.openFor);
      const verdicts = Array.from({ length: own.trialsMax + more }, () => {
        const asked = admit(state, own, at);
        state = asked.state;
        return asked.admission.verdict;
      });
      expect(verdicts.filter((verdict) => verdict === 'admit')).toHaveLength(own.trialsMax);
      expect(verdicts.slice(0, own.trialsMax)).not.toContain('refuse');
    }));
  });

  it('with a success or a reset everything is let through', () => {
    fc.assert(fc.property(policies, fc.boolean(), (own, bySuccess) => {
      const at = after(start, own.openFor);
      const { state } = admit(opened(own), own, at);
      const closed = bySuccess ? recordSuccess(state, at) : reset(state, at);
      expect(isClear(closed)).toBe(true);
      expect(admit(closed, own, at).admission).toEqual({ verdict: 'admit', reason: 'closed' });
    }));
  });
});
