import { minutes, seconds } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { untilMade } from './until-made.ts';

/** How long is waited, in seconds, when each look finds the next of `left`, and the last for ever. */
async function waitedFor(...left: readonly number[]): Promise<number> {
  const seen = [...left];
  const last = left.at(-1) ?? 0;
  let waited = 0;
  const wait = untilMade({ patience: minutes(1), lookEvery: seconds(10), pause: (span) => { waited += span / 1_000; return Promise.resolve(); } });
  await wait(() => Promise.resolve(seen.shift() ?? last));
  return waited;
}

describe('what others make', () => {
  it.each([
    ['that is there is not waited for', [0], 0],
    ['is waited for until it is there', [3, 3, 2, 0], 30],
    ['is not waited for any longer when nothing more has come for a minute', [3], 60],
    ['is waited for anew with each that comes', [3, 3, 2, 2, 2, 1], 110],
  ])('%s', async (_, left, waited) => {
    expect(await waitedFor(...left)).toBe(waited);
  });

  it('is not waited for where it cannot be seen', async () => {
    const wait = untilMade({ patience: minutes(1), lookEvery: seconds(10), pause: () => Promise.reject(new Error('not waited for')) });
    await expect(wait(undefined)).resolves.toBeUndefined();
  });
});
