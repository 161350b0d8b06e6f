import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobName } from '@handoff/catalogue';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import { after, epochMs, isoInstant, minutes, type EpochMs } from '@handoff/contracts';
import type { HostResponse } from '@handoff/function-host';
import { claimRef, tickKeyOf } from '@handoff/handoff-state';
import { createLog } from '@handoff/logging';
import type { Log, Scheduler } from '@handoff/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionCaller } from './function-caller.ts';
import { LocalSystem } from './local-system.ts';
import type { MessageCarrier } from './message-carrier.ts';

const noon = epochMs(Date.parse('2026-01-24T12:00:00Z'));
const selfHealYesterday = epochMs(Date.parse('2026-01-23T17:45:00Z'));
const selfHealAt = epochMs(Date.parse('2026-01-24T17:45:00Z'));
const noMessages: MessageCarrier = { settle: () => Promise.resolve(0), nextDueAt: () => undefined, writeTables: () => Promise.resolve() };

interface Call {
  readonly function: string;
  readonly at: EpochMs;
  readonly scheduledAt: unknown;
}

/** Answers every call as it is told to, and keeps what was asked. */
class ScriptedFunctions implements FunctionCaller {
  readonly asked: Call[] = [];
  readonly #clock: VirtualClock;
  readonly #answer: (name: string, times: number) => number;

  constructor(clock: VirtualClock, answer: (name: string, times: number) => number) {
    this.#clock = clock;
    this.#answer = answer;
  }

  call(name: string, body: unknown): Promise<HostResponse> {
    this.asked.push({ function: name, at: this.#clock.now(), scheduledAt: (body as { readonly scheduledAt: unknown }).scheduledAt });
    return Promise.resolve({ status: this.#answer(name, this.of(name).length), body: {} });
  }

  calls(): ReadonlyMap<string, number> {
    return new Map();
  }

  of(name: string): readonly Call[] {
    return this.asked.filter((call) => call.function === name);
  }
}

describe('time that is lived through', () => {
  const sources = { fetch: () => Promise.reject(new Error('nothing is fetched here')) };
  let folder: string;
  let clock: VirtualClock;
  let log: Log;
  let profile: EmbeddedSystem;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'handoff-system-'));
    clock = new VirtualClock(noon);
    log = createLog({ level: 'silent', clock, stream: process.stderr });
    profile = await openEmbedded({ folder, clock, log, sources });
  });
  afterEach(async () => {
    await profile.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settle = async (job: JobName, dueAt: EpochMs): Promise<void> => { await profile.ports.state.create(claimRef(job, tickKeyOf(dueAt)), { status: 'done', holder: 'one', leaseUntil: dueAt, fencing: 1 }); };
  const systemOf = (functions: FunctionCaller, quiet: EpochMs[] = [], around: (scheduler: Scheduler) => Scheduler = (scheduler) => scheduler): LocalSystem =>
    new LocalSystem({ folder, clock, log, sources, environment: {}, around, onQuiet: (now) => { quiet.push(now); } }, { profile, functions, carrier: noMessages, close: () => Promise.resolve() });

  it('makes a firing again that got no good answer, half a minute later and as the same firing, and is not quiet meanwhile', async () => {
    const quiet: EpochMs[] = [];
    const functions = new ScriptedFunctions(clock, (name) => (name === 'phase-monitor' && clock.now() === selfHealAt ? 503 : 200));
    await systemOf(functions, quiet).runUntil(after(selfHealAt, minutes(2)));
    expect(functions.of('phase-monitor').filter(({ at }) => at >= selfHealAt).map(({ at, scheduledAt }) => [at - selfHealAt, scheduledAt])).toEqual([[0, selfHealAt], [30_000, selfHealAt]]);
    expect(quiet.filter((at) => at >= selfHealAt && at < selfHealAt + 30_000)).toEqual([]);
    expect(quiet).toContain(epochMs(selfHealAt + 30_000));
  });

  it('fires a job that is due at a time of the day every quarter of an hour until its work is done, and then with the rounds of the watchdog alone', async () => {
    await settle('self-heal', selfHealYesterday);
    const functions = new ScriptedFunctions(clock, () => 200);
    const system = systemOf(functions);
    const firings = (): readonly number[] => functions.of('self-heal').map(({ at }) => (at - selfHealAt) / 60_000);
    await system.runUntil(after(selfHealAt, minutes(44)));
    expect(firings().filter((at) => at >= 0)).toEqual([0, 15, 30]);
    expect(firings().filter((at) => at < 0).every((at) => (at + 45) % 60 === 0)).toBe(true);
    await settle('self-heal', selfHealAt);
    await system.runUntil(after(selfHealAt, minutes(140)));
    expect(firings().filter((at) => at > 30)).toEqual([75, 135]);
  });

  it('makes a firing of it late that comes late', async () => {
    const late = (scheduler: Scheduler): Scheduler => ({ firingsBetween: (from, until) => scheduler.firingsBetween(from, until).map((firing) => (firing.job === 'self-heal' ? { ...firing, at: after(firing.at, minutes(20)) } : firing)) });
    await settle('self-heal', selfHealYesterday);
    const functions = new ScriptedFunctions(clock, () => 200);
    await systemOf(functions, [], late).runUntil(after(selfHealAt, minutes(22)));
    expect(functions.of('self-heal').filter(({ at }) => at >= selfHealAt).map(({ at, scheduledAt }) => [(at - selfHealAt) / 60_000, scheduledAt])).toEqual([[20, selfHealAt]]);
  });

  it('is watched at once after a call that outlasted rounds of the watchdog, and once for all of them', async () => {
    const functions = new ScriptedFunctions(clock, (name) => {
      if (name === 'phase-monitor' && clock.now() === selfHealAt) clock.moveTo(after(clock.now(), minutes(23)));
      return 200;
    });
    await systemOf(functions).runUntil(after(selfHealAt, minutes(24)));
    const rounds = functions.of('watchdog').map(({ at }) => isoInstant(at)).filter((at) => at > isoInstant(selfHealAt));
    expect(rounds).toEqual([isoInstant(after(selfHealAt, minutes(23)))]);
    // A firing that is made with that round is named by when it should have been.
    expect(functions.of('self-heal').at(-1)).toMatchObject({ at: after(selfHealAt, minutes(23)), scheduledAt: after(selfHealAt, minutes(15)) });
  });

  it('is not held up by a slow firing that finds its work done, as by one that does it', async () => {
    await settle('self-heal', selfHealYesterday);
    const functions = new ScriptedFunctions(clock, (name) => {
      if (name === 'self-heal') clock.moveTo(after(clock.now(), minutes(2)));
      return 200;
    });
    const [one, quarterToSix] = [epochMs(Date.parse('2026-01-24T13:00:00Z')), selfHealAt];
    const system = systemOf(functions);
    await system.runUntil(after(one, minutes(1)));
    expect(functions.asked.filter(({ at, function: name }) => at >= one && (name === 'self-heal' || name === 'watchdog')).map(({ function: name, at }) => [name, at])).toEqual([['self-heal', one], ['watchdog', one]]);
    await system.runUntil(quarterToSix);
    expect(clock.now()).toBe(after(quarterToSix, minutes(2)));
  });
});
