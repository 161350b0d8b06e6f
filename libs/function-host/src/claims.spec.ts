import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, epochMs, seconds } from '@handoff/contracts';
import type { StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@handoff/testing';
import { claimWork, type Claim, type Instance } from './claims.ts';

const now = epochMs(1_769_256_000_000);
const ref = { collection: 'claims_test', id: 'work' };
const instance = (id: string, gone: readonly string[] = []): Instance => ({ id, isGone: (holder) => gone.includes(holder) });
let folder: string;
let environment: EmbeddedEnvironment;
let state: StateStore;
let clock: ManualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-claims-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  clock = new ManualClock(now);
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

async function claimed(by: Instance, at = now, store = state): Promise<Claim> {
  clock.moveTo(at);
  const result = await claimWork({ state: store, clock }, ref, by);
  if (result.kind !== 'claimed') throw new Error(result.kind);
  return result.claim;
}
const asked = async (by: Instance, at = now) => {
  clock.moveTo(at);
  return (await claimWork({ state, clock }, ref, by)).kind;
};
const claim = async () => (await state.get(ref))?.value;

describe('a claim', () => {
  it('has one winner of 50 that ask at once; the others are told that it is held', async () => {
    const kinds = await Promise.all(Array.from({ length: 50 }, (_, index) => asked(instance(`i${index}`))));
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(49);
  });

  it('has one winner of 50 that ask at once for a lease that has expired', async () => {
    await claimed(instance('old'));
    const kinds = await Promise.all(Array.from({ length: 50 }, (_, index) => asked(instance(`i${index}`), after(now, seconds(121)))));
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
  });

  it.each([[0, 'held'], [119, 'held'], [120, 'claimed'], [500, 'claimed']])('of another instance after %i seconds is %s', async (waited, kind) => {
    await claimed(instance('a'));
    expect(await asked(instance('b'), after(now, seconds(waited)))).toBe(kind);
  });

  it('is held against its own holder too: the same message may be delivered twice at once', async () => {
    await claimed(instance('a'));
    expect(await asked(instance('a'))).toBe('held');
  });

  it('is free at once when its holder is known to be gone, or has released it', async () => {
    await claimed(instance('a'));
    const second = await claimed(instance('b', ['a']));
    await second.end('released', 'retry');
    const third = await claimed(instance('c'));
    expect([second.fencing, third.fencing]).toEqual([2, 3]);
  });

  it('that is done stays done, for everybody and for ever', async () => {
    await (await claimed(instance('a'))).end('done', 'released');
    expect(await asked(instance('b', ['a']), after(now, seconds(1_000_000)))).toBe('done');
    expect(await claim()).toMatchObject({ status: 'done', outcome: 'released', holder: 'a' });
  });
});

describe('an end', () => {
  it('that is committed is the last: its holder cannot release what is done', async () => {
    const held = await claimed(instance('a'));
    expect(await held.end('done', 'written')).toBe(true);
    expect(await held.end('released', 'unsettled')).toBe(false);
    expect(await claim()).toMatchObject({ status: 'done', outcome: 'written' });
  });
});

describe('a stale worker', () => {
  it.each(['done', 'released'] as const)('that ends its claim as %s after another has taken it changes nothing', async (status) => {
    const stale = await claimed(instance('a'));
    const taken = await claimed(instance('b'), after(now, seconds(121)));
    expect(await stale.end(status, 'too late')).toBe(false);
    expect(await claim()).toMatchObject({ status: 'running', holder: 'b', fencing: 2 });
    expect(await taken.end('done', 'in time')).toBe(true);
    expect(await stale.end(status, 'too late')).toBe(false);
    expect(await claim()).toMatchObject({ status: 'done', outcome: 'in time', holder: 'b' });
  });

  it('that loses the race to another in the middle of its end changes nothing, and is no error', async () => {
    // The other takes the claim between the read and the write of the end.
    let isEnding = false;
    const racing: StateStore = Object.assign(Object.create(state) as StateStore, {
      get: async (asking: typeof ref) => {
        const found = await state.get(asking);
        if (isEnding) await claimed(instance('b'), after(now, seconds(121)));
        return found;
      },
      create: (...call: Parameters<StateStore['create']>) => state.create(...call),
      batch: (...call: Parameters<StateStore['batch']>) => state.batch(...call),
    });
    const stale = await claimed(instance('a'), now, racing);
    isEnding = true;
    expect(await stale.end('done', 'too late', [{ kind: 'create', ref: { collection: 'things', id: 'late' }, value: {} }])).toBe(false);
    expect(await claim()).toMatchObject({ status: 'running', holder: 'b', fencing: 2 });
    expect(await state.get({ collection: 'things', id: 'late' })).toBeUndefined();
  });

  it('whose lease ran out without a successor may still end its work', async () => {
    const slow = await claimed(instance('a'));
    await slow.end('done', 'slow');
    expect(await asked(instance('b'), after(now, seconds(500)))).toBe('done');
  });
});

describe('the right to write', () => {
  it.each([0, 59, 60])('needs no look at the store %i seconds after the claim', async (waited) => {
    const held = await claimed(instance('a'));
    await environment.close();
    clock.moveTo(after(now, seconds(waited)));
    await held.assertHeld();
  });

  it.each([61, 120, 500])('is renewed %i seconds after the claim where nobody has taken over, and holds against others again', async (waited) => {
    const held = await claimed(instance('a'));
    clock.moveTo(after(now, seconds(waited)));
    await held.assertHeld();
    expect(await asked(instance('b'), after(now, seconds(waited + 119)))).toBe('held');
    expect(await asked(instance('b'), after(now, seconds(waited + 120)))).toBe('claimed');
  });

  it('is renewed once for 3 writes that begin late in the lease beside each other', async () => {
    const held = await claimed(instance('a'));
    clock.moveTo(after(now, seconds(100)));
    await Promise.all([held.assertHeld(), held.assertHeld(), held.assertHeld()]);
    clock.moveTo(after(now, seconds(200)));
    await held.assertHeld();
    expect(await claim()).toMatchObject({ holder: 'a', leaseUntil: after(now, seconds(320)) });
  });

  it.each(['running', 'done', 'released'] as const)('is lost for good once another has taken over, whose claim is now %s', async (status) => {
    const stale = await claimed(instance('a'));
    const taken = await claimed(instance('b'), after(now, seconds(121)));
    if (status !== 'running') await taken.end(status, 'in time');
    await expect(stale.assertHeld()).rejects.toMatchObject({ code: 'claim-lost', disposition: 'retry' });
  });
});
