import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@handoff/testing';
import { expect, it } from 'vitest';
import { startLocalGoogle } from './local-google.ts';

it('what stands for Google does not start without Java: each emulator that is missing is named, and nothing is written', async () => {
  const root = mkdtempSync(join(tmpdir(), 'handoff-local-google-'));
  const folder = join(root, 'run');
  const starting = startLocalGoogle({ folder, project: 'spec', location: 'US', bucket: 'files', clock: new ManualClock() }, { PATH: root, HOME: root });
  await expect(starting).rejects.toMatchObject({ code: 'emulator-missing', disposition: 'reject', message: expect.stringMatching(/the firestore emulator needs Java.*the pubsub emulator needs Java.*or use the embedded profile/) as string });
  expect(existsSync(folder)).toBe(false);
  rmSync(root, { recursive: true, force: true });
});
