import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CircuitBreakerConfig } from '@handoff/catalogue';
import { after, minutes, PipelineError, seconds, type Disposition } from '@handoff/contracts';
import { IncidentNotifier } from '@handoff/notifier-state';
import { guarded, type StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreakers, listBreakers, type BreakerName, type WritePath } from './index.ts';

const service: BreakerName = { kind: 'service', subject: 'balldontlie' };
const processor: BreakerName = { kind: 'processor', subject: 'phase4/pregame|2026-01-24' };

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let notifier: IncidentNotifier;
let clock: ManualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-breakers-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  notifier = new IncidentNotifier({ state });
  clock = new ManualClock();
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const breakers = (over: { readonly state?: StateStore; readonly config?: Partial<CircuitBreakerConfig> } = {}): CircuitBreakers =>
  new CircuitBreakers({ state: over.state ?? state, notifier, clock, log: silentLog }, CircuitBreakerConfig.parse(over.config ?? {}));
const failure = (disposition: Disposition): PipelineError => new PipelineError({ code: 'source-unavailable', disposition, message: 'no answer' });
const incidents = async () => (await notifier.incidents()).map(({ subject, resolvedAt, count }) => [subject, resolvedAt === null ? 'open' : 'ended', count]);

/** Calls so often; each call fails with the error. */
async function fail(times: number, error: Error = failure('retry'), name = service): Promise<number> {
  let calls = 0;
  for (let time = 0; time < times; time += 1) {
    await breakers().call(name, () => { calls += 1; return Promise.reject(error); }).catch(() => undefined);
  }
  return calls;
}

describe('a call under a breaker', () => {
  it('that works writes nothing', async () => {
    expect(await breakers().call(service, () => Promise.resolve('answer'))).toBe('answer');
    expect(await listBreakers(state)).toEqual([]);
  });

  it.each([failure('retry'), new TypeError('a bug')])('is made five times, and not a sixth, when it fails with %s', async (error) => {
    expect(await fail(8, error)).toBe(5);
    expect(await listBreakers(state)).toMatchObject([{ kind: 'service', subject: 'balldontlie', state: 'open', failures: 5, openedAt: clock.now(), until: after(clock.now(), seconds(300)) }]);
  });

  it.each(['reject', 'defer'] as const)('is made however often it ends in %s: that says nothing of what is called', async (disposition) => {
    expect(await fail(8, failure(disposition))).toBe(8);
    expect(await listBreakers(state)).toEqual([]);
  });

  it('fails with its own error while it is made, and is deferred to the end of the breaker after', async () => {
    await fail(4);
    await expect(breakers().call(service, () => Promise.reject(failure('retry')))).rejects.toMatchObject({ code: 'source-unavailable' });
    await expect(breakers().call(service, () => Promise.resolve('answer'))).rejects.toMatchObject({ code: 'breaker-open', disposition: 'defer', until: after(clock.now(), seconds(300)) });
  });

  it('of another subject or kind is not concerned', async () => {
    await fail(5);
    expect(await breakers().call({ kind: 'service', subject: 'odds-api' }, () => Promise.resolve(1))).toBe(1);
    expect(await breakers().call({ kind: 'processor', subject: 'balldontlie' }, () => Promise.resolve(2))).toBe(2);
  });

  it('that succeeds in between makes the count begin again', async () => {
    await fail(4);
    await breakers().call(service, () => Promise.resolve('answer'));
    expect(await fail(8)).toBe(5);
  });
});

describe('an open breaker', () => {
  it('is one incident, which ends when a trial succeeds', async () => {
    await fail(8);
    expect(await incidents()).toEqual([['service balldontlie', 'open', 1]]);
    clock.advance(seconds(300));
    expect(await breakers().call(service, () => Promise.resolve('answer'))).toBe('answer');
    expect(await incidents()).toEqual([['service balldontlie', 'ended', 1]]);
    expect(await listBreakers(state)).toMatchObject([{ state: 'closed', failures: 0, note: 'a call succeeded' }]);
  });

  it('opens again for its whole span when the trial fails, as the same incident', async () => {
    await fail(5);
    clock.advance(seconds(300));
    expect(await fail(3)).toBe(1);
    expect(await listBreakers(state)).toMatchObject([{ state: 'open', failures: 6, until: after(clock.now(), seconds(300)), note: 'source-unavailable: no answer' }]);
    expect(await incidents()).toEqual([['service balldontlie', 'open', 2]]);
  });

  it('lets three of 20 instances through that ask at once when its time has come', async () => {
    await fail(5);
    clock.advance(seconds(300));
    const admissions = await Promise.all(Array.from({ length: 20 }, () => breakers().admit(service)));
    expect(admissions.filter(({ verdict }) => verdict === 'admit')).toHaveLength(3);
  });

  it('of a processor takes its numbers from the configuration', async () => {
    const own = breakers({ config: { processor_failure_threshold: 2, processor_timeout_minutes: 7 } });
    for (let time = 0; time < 2; time += 1) await own.recordFailure(processor, 'failed');
    expect(await own.admit(processor)).toEqual({ verdict: 'refuse', reason: 'open', until: after(clock.now(), minutes(7)) });
  });
});

describe('instances that count at once', () => {
  it('lose no failure: 20 of them are 20', async () => {
    const config = { service_failure_threshold: 100 };
    await Promise.all(Array.from({ length: 20 }, () => breakers({ config }).recordFailure(service, 'failed')));
    expect(await listBreakers(state)).toMatchObject([{ state: 'closed', failures: 20 }]);
  });

  it('open it once', async () => {
    await Promise.all(Array.from({ length: 12 }, () => breakers().recordFailure(service, 'failed')));
    expect(await listBreakers(state)).toMatchObject([{ state: 'open', failures: 5 }]);
    expect(await incidents()).toEqual([['service balldontlie', 'open', 1]]);
  });
});

describe('a write path', () => {
  const path: WritePath = { kind: 'write-path', subject: 'bdl_player_box_scores|nba_raw.bdl_player_boxscores' };

  it.each`
    conflicts | verdict
    ${0}      | ${'admit'}
    ${3}      | ${'admit'}
    ${6}      | ${'admit'}
    ${7}      | ${'refuse'}
    ${12}     | ${'refuse'}
  `('with $conflicts of 12 games in conflict is then: $verdict', async ({ conflicts, verdict }: { conflicts: number; verdict: string }) => {
    await breakers().recordBatch(path, { conflicts, games: 12 });
    expect((await breakers().admit(path)).verdict).toBe(verdict);
  });

  it('is shut for 30 minutes, and closed by the next batch that is not broken', async () => {
    await breakers().recordBatch(path, { conflicts: 7, games: 12 });
    expect(await breakers().admit(path)).toMatchObject({ verdict: 'refuse', until: after(clock.now(), minutes(30)) });
    expect(await listBreakers(state)).toMatchObject([{ state: 'open', note: '7 of 12 games in conflict' }]);
    clock.advance(minutes(30));
    expect(await breakers().admit(path)).toEqual({ verdict: 'admit', reason: 'trial' });
    await breakers().recordBatch(path, { conflicts: 3, games: 12 });
    expect(await breakers().admit(path)).toEqual({ verdict: 'admit', reason: 'closed' });
    expect(await incidents()).toMatchObject([[expect.anything(), 'ended', 1]]);
  });

  it('bears as much as the configuration says', async () => {
    await breakers({ config: { write_path_conflict_pct: 20 } }).recordBatch(path, { conflicts: 3, games: 12 });
    expect((await breakers().admit(path)).verdict).toBe('refuse');
  });
});

describe('a state store that refuses', () => {
  const unavailable = new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'away' });

  it('to be written leaves the outcome of a call as it is', async () => {
    await fail(1);
    const readOnly = guarded(state, ['transact'], () => { throw unavailable; });
    expect(await breakers({ state: readOnly }).call(service, () => Promise.resolve('answer'))).toBe('answer');
    await expect(breakers({ state: readOnly }).call(service, () => Promise.reject(failure('retry')))).rejects.toMatchObject({ code: 'source-unavailable' });
  });

  it('to be read lets no call through', async () => {
    const gone = guarded(state, ['get'], () => { throw unavailable; });
    let calls = 0;
    await expect(breakers({ state: gone }).call(service, () => { calls += 1; return Promise.resolve(1); })).rejects.toBe(unavailable);
    expect(calls).toBe(0);
  });
});
