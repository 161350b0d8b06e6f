import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, epochMs, seconds } from '@handoff/contracts';
import type { StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimWork, endClaim, type Claim, type Instance } from './claims.ts';

const now = epochMs(1_769_256_000_000);
const ref = { collection: 'claims_test', id: 'work' };
const instance = (id: string, gone: readonly string[] = []): Instance => ({ id, isGone: (holder) => gone.includes(holder) });
let folder: string;
let environment: EmbeddedEnvironment;
let state: StateStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-claims-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

async function claimed(by: Instance, at = now): Promise<Claim> {
  const result = await claimWork(state, ref, by, at);
  if (result.kind !== 'claimed') throw new Error(result.kind);
  return result.claim;
}
const asked = async (by: Instance, at = now) => (await claimWork(state, ref, by, at)).kind;
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
    await endClaim(state, second, 'released', 'retry');
    const third = await claimed(instance('c'));
    expect([second.fencing, third.fencing]).toEqual([2, 3]);
  });

  it('that is done stays done, for everybody and for ever', async () => {
    await endClaim(state, await claimed(instance('a')), 'done', 'released');
    expect(await asked(instance('b', ['a']), after(now, seconds(1_000_000)))).toBe('done');
    expect(await claim()).toMatchObject({ status: 'done', outcome: 'released', holder: 'a' });
  });
});

describe('a stale worker', () => {
  it.each(['done', 'released'] as const)('that ends its claim as %s after another has taken it changes nothing', async (status) => {
    const stale = await claimed(instance('a'));
    const taken = await claimed(instance('b'), after(now, seconds(121)));
    await endClaim(state, stale, status, 'too late');
    expect(await claim()).toMatchObject({ status: 'running', holder: 'b', fencing: 2 });
    await endClaim(state, taken, 'done', 'in time');
    await endClaim(state, stale, status, 'too late');
    expect(await claim()).toMatchObject({ status: 'done', outcome: 'in time', holder: 'b' });
  });

  it('that loses the race to another in the middle of its end changes nothing, and is no error', async () => {
    const stale = await claimed(instance('a'));
    // The other takes the claim between the read and the write of the end.
    const racing: StateStore = Object.assign(Object.create(state) as StateStore, {
      get: async (asking: typeof ref) => {
        const found = await state.get(asking);
        await claimed(instance('b'), after(now, seconds(121)));
        return found;
      },
      update: (...call: Parameters<StateStore['update']>) => state.update(...call),
    });
    await endClaim(racing, stale, 'done', 'too late');
    expect(await claim()).toMatchObject({ status: 'running', holder: 'b', fencing: 2 });
  });

  it('whose lease ran out without a successor may still end its work', async () => {
    const slow = await claimed(instance('a'));
    await endClaim(state, slow, 'done', 'slow');
    expect(await asked(instance('b'), after(now, seconds(500)))).toBe('done');
  });
});
