import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipWithout } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findEmulator, startEmulator } from './index.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-emulators-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

function file(path: string): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, '#!/bin/sh\necho "no such JVM"\nexit 3\n', { mode: 0o755 });
  return whole;
}

/** An environment of this folder alone: an SDK that `bin/gcloud` links to, and a java. */
function installed(jars: readonly string[]): Readonly<Record<string, string>> {
  for (const jar of jars) file(join('sdk', 'platform', jar));
  const gcloud = file('sdk/bin/gcloud');
  file('bin/java');
  symlinkSync(gcloud, join(folder, 'bin', 'gcloud'));
  return { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder };
}

describe('an emulator', () => {
  it('is found in the SDK that gcloud links to, by the newest of its jars', () => {
    const environment = installed(['pubsub-emulator/lib/cloud-pubsub-emulator-0.8.9-all.jar', 'pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar', 'cloud-firestore-emulator/cloud-firestore-emulator.jar']);
    const pubsub = findEmulator('pubsub', environment);
    expect(pubsub).toMatchObject({ kind: 'installed', java: join(folder, 'bin', 'java') });
    if (pubsub.kind === 'installed') expect(pubsub.argumentsOn(1234)).toEqual(expect.arrayContaining([join(folder, 'sdk/platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar'), '--host=127.0.0.1', '--port=1234']));
    expect(findEmulator('firestore', environment)).toMatchObject({ kind: 'installed' });
  });

  it('is missing without Java, and the reason says so', async () => {
    expect(await startEmulator('firestore', { PATH: folder, HOME: folder })).toEqual({ kind: 'not-installed', reason: 'the firestore emulator needs Java, and there is no java on PATH' });
  });

  it('that ends at once is an error with what it said', async () => {
    const environment = installed(['pubsub-emulator/lib/cloud-pubsub-emulator-1-all.jar']);
    await expect(startEmulator('pubsub', environment)).rejects.toMatchObject({ code: 'emulator-not-started', message: expect.stringContaining('no such JVM') as string });
  });

  it.for(['firestore', 'pubsub'] as const)('%s answers once it is started, and not after it is stopped', async (name, context) => {
    const emulator = await startEmulator(name);
    if (emulator.kind === 'not-installed') return skipWithout('emulators', emulator.reason, context);
    const answer = () => fetch(`http://127.0.0.1:${emulator.port}/`).then((response) => response.status, () => 'nobody');
    expect(await answer()).toBe(200);
    // Linux gives ports from 32768 on to whoever asks for any.
    expect(emulator.port).toBeLessThan(32_768);
    await emulator.stop();
    expect(await answer()).toBe('nobody');
  });
});
