import { retryPolicy, unfairlyDeadPolicy } from '@handoff/catalogue';
import { after, days, elapsed, epochMs, gameDate, hours, minutes } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffOf, beginTry, decideGivenUp, decideRetry, failTry, isActive, noteFailure, requeued, succeeded, withdrawn, type Evidence, type FailedWork, type Failure, type RetryItem } from './index.ts';

const now = epochMs(1_769_313_600_000);
const work: FailedWork = {
  workKey: 'phase3-analytics|phase3-trigger-t1', kind: 'analytics', phase: 'phase3', processorName: 'phase3-analytics', gameDate: gameDate('2026-01-24'), correlationId: 'chain', inputHash: 'one',
  redo: { topic: 'phase3-trigger', payload: {}, messageKey: 't1' }, awaits: { gameDate: gameDate('2026-01-24'), outputs: ['nba_analytics.player_game_summary'], games: ['0022500642'] },
};
const transient: Failure = { type: 'transient', code: 'warehouse-unavailable', message: 'no answer' };
const permanent: Failure = { ...transient, type: 'permanent' };
const moment = (at = now, random = 0) => ({ now: at, random });
const noted = (known: RetryItem | undefined, over: { readonly failure?: Failure; readonly inputHash?: string } = {}) =>
  noteFailure(known, { work: { ...work, inputHash: over.inputHash ?? 'one' }, failure: over.failure ?? transient, policy: retryPolicy }, moment());
const fresh = noted(undefined);
const trying = beginTry(fresh, now, hours(2));
const givenUp = noted(undefined, { failure: permanent });
const nothing: Evidence = { claim: null, hasRows: false, impossible: null, isSuperseded: false };

describe('the back-off', () => {
  const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it.each([[0, 15], [1, 30], [2, 60], [3, 120]])('after %i failed tries is %i minutes at least', (retries, least) => {
    expect(backoffOf(retryPolicy, retries, 0)).toBe(minutes(least));
  });

  it('stays between its least and a fifth more', () => {
    fc.assert(fc.property(fc.nat(10), dice, (retries, random) => {
      const least = minutes(15) * 2 ** retries;
      const wait = backoffOf(retryPolicy, retries, random);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(least * 1.2 + 1);
    }));
  });

  it('grows with every try, however the dice fall', () => {
    fc.assert(fc.property(fc.nat(10), dice, dice, (retries, first, second) => {
      expect(backoffOf(retryPolicy, retries + 1, second)).toBeGreaterThan(backoffOf(retryPolicy, retries, first));
    }));
  });

  it.each([[-1, 0], [0.5, 0], [0, 1], [0, -0.1]])('refuses %d tries with dice of %d', (retries, random) => {
    expect(() => backoffOf(retryPolicy, retries, random)).toThrow(RangeError);
  });

  it('is never longer than the policy allows, but for its jitter, and for more than a day is tried what the platform failed', () => {
    const waits = Array.from({ length: unfairlyDeadPolicy.attemptsMax - 1 }, (_, retries) => backoffOf(unfairlyDeadPolicy, retries, 0));
    expect(waits.slice(0, 4)).toEqual([15, 30, 60, 60].map(minutes));
    expect(Math.max(...waits)).toBe(hours(1));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(days(1));
  });
});

describe('work that fails', () => {
  it.each<readonly [what: string, known: RetryItem | undefined, over: { readonly failure?: Failure; readonly inputHash?: string }, expected: Partial<RetryItem>]>([
    ['for the first time waits 15 minutes', undefined, {}, { status: 'pending', retryCount: 0, dueAt: after(now, minutes(15)), version: 1 }],
    ['for good is given up at once', undefined, { failure: permanent }, { status: 'failed_permanent', dueAt: null, retryCount: 0 }],
    ['for good while it waits is given up', fresh, { failure: permanent }, { status: 'failed_permanent', dueAt: null }],
    ['in a try waits for the next, twice as long', trying, {}, { status: 'pending', retryCount: 1, dueAt: after(now, minutes(30)) }],
    ['in its last try is given up', { ...trying, retryCount: 3 }, {}, { status: 'failed_permanent', retryCount: 3, dueAt: null }],
    ['again after it succeeded starts anew', succeeded(trying, 'rows', now), {}, { status: 'pending', retryCount: 0 }],
    ['with another input after it was given up starts anew', givenUp, { inputHash: 'two' }, { status: 'pending', retryCount: 0, version: givenUp.version + 1 }],
  ])('%s', (_, known, over, expected) => {
    expect(noted(known, over)).toMatchObject(expected);
  });

  it.each([['waits already', fresh], ['was given up with the same input', givenUp], ['was withdrawn', withdrawn(fresh, 'postponed', now)]])('stays as it is where it %s', (_, known) => {
    expect(noted(known)).toBe(known);
  });

  it('is tried three times and never more, whatever it is told, until its input changes', () => {
    const event = fc.constantFrom('fail', 'try', 'note');
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let item = fresh;
      let tries = 0;
      for (const one of events) {
        if (one === 'try' && item.status === 'pending') { item = beginTry(item, now, hours(2)); tries += 1; }
        if (one === 'fail' && item.status === 'retrying') item = failTry(item, transient, moment());
        if (one === 'note') item = noted(item);
      }
      expect(tries).toBeLessThanOrEqual(3);
      expect(item.retryCount).toBe(tries);
    }));
  });

  it('cannot be tried where it does not wait', () => {
    for (const over of [trying, withdrawn(fresh, 'postponed', now), succeeded(trying, 'done', now)]) expect(() => beginTry(over, now, hours(2))).toThrow(RangeError);
  });

  it('that people requeue has all its tries before it, at once', () => {
    expect(requeued(givenUp, now)).toMatchObject({ status: 'pending', retryCount: 0, dueAt: now });
  });
});

describe('what becomes of an item', () => {
  const due = after(now, minutes(15));
  it.each<readonly [what: string, item: RetryItem, seen: Partial<Evidence>, at: number, verdict: string]>([
    ['waits before it is due', fresh, {}, due - 1, 'wait'],
    ['is tried when it is due', fresh, {}, due, 'try'],
    ['succeeds when its rows are there before it was tried', fresh, { hasRows: true }, now, 'succeed'],
    ['is tried though rows are there, of an earlier revision, where its function has let it go', fresh, { hasRows: true, claim: 'released' }, due, 'try'],
    ['of a gap succeeds when its rows are there, whoever brought them', { ...trying, isToldByGap: true }, { hasRows: true, claim: 'released' }, now + 1, 'succeed'],
    ['succeeds when it is done and its rows are there', trying, { hasRows: true, claim: 'done' }, now + 1, 'succeed'],
    ['is withdrawn when its rows cannot come', fresh, { impossible: 'postponed' }, now, 'withdraw'],
    ['succeeds when its rows are there although they seemed impossible', fresh, { hasRows: true, impossible: 'postponed' }, now, 'succeed'],
    ['is under way', trying, { claim: 'running' }, now + 1, 'wait'],
    ['does not succeed by being done, where rows are awaited', trying, { claim: 'done' }, now + 1, 'wait'],
    ['fails when it is done and the rows have not come in ten minutes', trying, { claim: 'done' }, after(now, minutes(10)), 'fail'],
    ['succeeds by being done where no rows are awaited', trying, { claim: 'done', hasRows: null }, now + 1, 'succeed'],
    ['fails when it was refused', trying, { claim: 'rejected' }, now + 1, 'fail'],
    ['is waited for until the lease of its try ends', trying, {}, after(now, hours(2)) - 1, 'wait'],
    ['fails when the lease of its try has ended', trying, { claim: 'running' }, after(now, hours(2)), 'fail'],
  ])('%s', (_, item, seen, at, verdict) => {
    expect(decideRetry(item, { ...nothing, ...seen }, epochMs(at)).verdict).toBe(verdict);
  });

  it.each<readonly [what: string, failure: Failure, seen: Partial<Evidence>, verdict: string]>([
    ['failed in passing succeeds when its rows come, where nobody remembers it', transient, { hasRows: true }, 'succeed'],
    ['failed in passing waits though an earlier revision left rows', transient, { hasRows: true, claim: 'released' }, 'wait'],
    ['failed in passing waits while they do not, whatever its function says', transient, { claim: 'done' }, 'wait'],
    ['awaits no rows succeeds when it is done', transient, { hasRows: null, claim: 'done' }, 'succeed'],
    ['failed in passing succeeds when it is not needed any more', transient, { hasRows: null, claim: 'running', isSuperseded: true }, 'succeed'],
    ['was refused waits though a later request was answered', permanent, { hasRows: null, isSuperseded: true }, 'wait'],
    ['was refused succeeds when it is done', permanent, { claim: 'done' }, 'succeed'],
    ['was refused waits where other files brought rows of its date', permanent, { hasRows: true, claim: 'rejected' }, 'wait'],
  ])('that was given up and %s', (_, failure, seen, verdict) => {
    expect(decideGivenUp({ ...givenUp, failure }, { ...nothing, ...seen }, now).verdict).toBe(verdict);
  });

  it('that failed in passing and was given up is tried hourly at first, for a day, and then left to people', () => {
    let item = failTry({ ...trying, retryCount: 3 }, transient, moment());
    const tried: number[] = [];
    for (let hour = 1; hour <= 48; hour += 1) {
      const at = after(now, hours(hour));
      if (decideGivenUp(item, { ...nothing, claim: 'released' }, at).verdict !== 'try') continue;
      tried.push(hour);
      item = failTry(beginTry(item, at, hours(2)), transient, moment(at));
    }
    expect(tried).toEqual([1, 2, 3, 4, 6, 12, 18, 24]);
    expect(item).toMatchObject({ status: 'failed_permanent', retryCount: 11, retriesMax: 11 });
  });

  it.each<readonly [what: string, over: Partial<RetryItem>, seen: Partial<Evidence>]>([
    ['was refused', { failure: permanent }, {}], ['asks a source', { kind: 'scrape' }, {}], ['is told by its gap', { isToldByGap: true }, {}],
    ['has no message of its own', { redo: { ...work.redo, messageKey: null } }, {}], ['cannot have its rows', {}, { impossible: 'postponed' }], ['is done and left nothing, so that its message would be dropped', {}, { claim: 'done' }],
  ])('that %s is not tried again when it was given up', (_, over, seen) => {
    const item = { ...failTry({ ...trying, retryCount: 3 }, transient, moment()), ...over };
    expect(decideGivenUp(item, { ...nothing, claim: over.redo === undefined ? 'released' : null, ...seen }, after(now, days(2))).verdict).toBe('wait');
  });

  it('is given up for good when its try was refused for good', () => {
    const decision = decideRetry(trying, { ...nothing, claim: 'rejected' }, now);
    expect(decision.verdict === 'fail' && isActive(failTry(trying, decision.failure, moment()))).toBe(false);
  });

  it('comes to an end within its tries and their leases, when nothing is ever heard', () => {
    let item = fresh;
    let at = now;
    while (isActive(item) && elapsed(now, at) < hours(48)) {
      at = after(at, minutes(15));
      const decision = decideRetry(item, nothing, at);
      if (decision.verdict === 'try') item = beginTry(item, at, hours(2));
      if (decision.verdict === 'fail') item = failTry(item, decision.failure, { now: at, random: 0.9 });
    }
    expect(item).toMatchObject({ status: 'failed_permanent', retryCount: 3 });
    expect(elapsed(now, at)).toBeLessThan(hours(9));
  });
});
