import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochMs, PipelineError } from '@handoff/contracts';
import { guarded, type Alert, type StateStore } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { describeNotifierContract, type ContractNotifier, type Opened } from '@handoff/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { IncidentNotifier } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-notifier-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

function open(folder: string): Opened<ContractNotifier> {
  const file = join(folder, 'state.lmdb');
  const environment = openEmbeddedEnvironment(file);
  const notifier = new IncidentNotifier({ state: new EmbeddedStateStore(environment) });
  return {
    subject: { notifier, incidents: () => notifier.incidents() },
    close: () => environment.close(),
    reopen: async () => {
      await environment.close();
      return open(folder);
    },
    crash: async () => {
      const copy = mkdtempSync(join(root, 'crashed-'));
      copyFileSync(file, join(copy, 'state.lmdb'));
      return open(copy);
    },
  };
}

describeNotifierContract('The notifier over the state store', async () => open(mkdtempSync(join(root, 'fresh-'))));

const alert = (subject: string, at = 1_769_256_000_000): Alert => ({ cause: 'platform-fault', subject, severity: 'critical', title: 'no permission', facts: {}, at: epochMs(at) });

describe('a burst of alerts', () => {
  it('of 20 at once is recorded when they return, for every other instance to see', async () => {
    const environment = openEmbeddedEnvironment(join(mkdtempSync(join(root, 'burst-')), 'state.lmdb'));
    const notifier = new IncidentNotifier({ state: new EmbeddedStateStore(environment) });
    await Promise.all(Array.from({ length: 20 }, () => notifier.alert(alert('a'))));
    expect(await new IncidentNotifier({ state: new EmbeddedStateStore(environment) }).incidents()).toMatchObject([{ count: 20 }]);
    await environment.close();
  });
});

describe('without a state store', () => {
  it('never breaks the caller, and records everything in order once it is back', async () => {
    const environment = openEmbeddedEnvironment(join(mkdtempSync(join(root, 'gone-')), 'state.lmdb'));
    const state = new EmbeddedStateStore(environment);
    let isGone = true;
    const gone = guarded(state, ['get', 'transact'], () => {
      if (isGone) throw new PipelineError({ code: 'state-permission-denied', disposition: 'defer', message: 'no permission' });
    });
    const notifier = new IncidentNotifier({ state: gone });
    await notifier.alert(alert('a'));
    await notifier.resolve('platform-fault', 'a', alert('a').at);
    await notifier.alert(alert('b', 1_769_256_000_001));
    expect(await notifier.incidents()).toEqual([]);
    isGone = false;
    await notifier.alert(alert('b'));
    expect((await notifier.incidents()).map(({ subject, count, resolvedAt }) => [subject, count, resolvedAt === null])).toEqual([['a', 1, false], ['b', 2, true]]);
    await environment.close();
  });

  it('is not asked again about a moment for which it has failed: one that takes a minute to fail would hold up a round of many calls', async () => {
    let asked = 0;
    const fail = (): Promise<never> => { asked += 1; return Promise.reject(new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'no answer in a minute' })); };
    const notifier = new IncidentNotifier({ state: { get: fail, transact: fail } as unknown as StateStore });
    await notifier.alert(alert('a'));
    const first = asked;
    await notifier.alert(alert('b'));
    await notifier.resolve('platform-fault', 'c', alert('a').at);
    expect(asked).toBe(first);
    await notifier.alert(alert('b', 1_769_256_300_000));
    expect(asked).toBeGreaterThan(first);
  });

  it('does not hide what is no fault of the store', async () => {
    const bug = new TypeError('a bug');
    const broken = { transact: () => Promise.reject(bug) } as unknown as StateStore;
    await expect(new IncidentNotifier({ state: broken }).alert(alert('a'))).rejects.toBe(bug);
  });
});
