import { milliseconds, type DurationMs } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { attempted } from './attempted.ts';

function attempting(failures: number, random = 0, attemptsMax = 4) {
  const waits: DurationMs[] = [];
  const sent: number[] = [];
  const result = attempted(
    { attemptsMax, firstWaitMs: milliseconds(100), wait: async (span) => { waits.push(span); }, random: () => random },
    (error) => error instanceof RangeError,
    async (attempt) => {
      sent.push(attempt);
      if (attempt <= failures) throw new RangeError(`failure ${attempt}`);
      return 'done';
    },
  );
  return { result, waits, sent };
}

describe('a request', () => {
  it.each([
    [0, 0, [1], []],
    [1, 0, [1, 2], [100]],
    [3, 0, [1, 2, 3, 4], [100, 200, 400]],
    [3, 0.5, [1, 2, 3, 4], [75, 150, 300]],
  ])('that fails %i times, by chance %d, is sent %j, with waits of %j ms', async (failures, random, sent, waits) => {
    const run = attempting(failures, random);
    expect(await run.result).toBe('done');
    expect(run).toMatchObject({ sent, waits });
  });

  it('is given up after the last attempt, with the last error', async () => {
    const run = attempting(9);
    await expect(run.result).rejects.toThrow('failure 4');
    expect(run.sent).toEqual([1, 2, 3, 4]);
  });

  it('waits as long as the failure asks where that is longer, and never shorter than the back-off', async () => {
    const waits: DurationMs[] = [];
    const attempts = { attemptsMax: 4, firstWaitMs: milliseconds(100), wait: async (span: DurationMs) => { waits.push(span); }, random: () => 0, waitAsked: (error: unknown) => (error instanceof RangeError ? milliseconds(250) : undefined) };
    await expect(attempted(attempts, () => true, (attempt) => Promise.reject(attempt === 2 ? new Error('asks for nothing') : new RangeError('asks')))).rejects.toThrow('asks');
    expect(waits).toEqual([250, 200, 400]);
  });

  it('is not sent again when its failure does not pass by itself', async () => {
    let sent = 0;
    const attempts = { attemptsMax: 4, firstWaitMs: milliseconds(1), wait: async () => undefined, random: () => 0 };
    await expect(attempted(attempts, () => false, async () => { sent += 1; throw new Error('no'); })).rejects.toThrow('no');
    expect(sent).toBe(1);
  });
});
