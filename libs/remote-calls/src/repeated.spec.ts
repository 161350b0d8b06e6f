import type { DurationMs } from '@handoff/contracts';
import { seconds } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { grpcFaultOf, grpcFaults, repeated } from './index.ts';

const passing = (code: number): Error => Object.assign(new Error('away'), { code });

/** Fails as often as told, and keeps the pauses instead of making them. */
async function run(failures: number, { attemptsMax = 4, random = 0, mayRepeat = true }: { attemptsMax?: number; random?: number; mayRepeat?: boolean } = {}) {
  let calls = 0;
  const pauses: DurationMs[] = [];
  const outcome = await repeated(
    async () => {
      calls += 1;
      if (calls <= failures) throw passing(14);
      return 'done';
    },
    { attemptsMax, firstPauseMs: seconds(1), mayRepeat: () => mayRepeat, pause: async (span) => { pauses.push(span); }, random: () => random },
  ).catch((error: unknown) => (error as Error).message);
  return { calls, pauses, outcome };
}

describe('a call that is repeated', () => {
  it.each`
    failures | options                | outcome   | calls | pauses
    ${0}     | ${{}}                  | ${'done'} | ${1}  | ${[]}
    ${2}     | ${{}}                  | ${'done'} | ${3}  | ${[1_000, 2_000]}
    ${2}     | ${{ random: 0.5 }}     | ${'done'} | ${3}  | ${[750, 1_500]}
    ${9}     | ${{}}                  | ${'away'} | ${4}  | ${[1_000, 2_000, 4_000]}
    ${9}     | ${{ attemptsMax: 1 }}  | ${'away'} | ${1}  | ${[]}
    ${9}     | ${{ mayRepeat: false }} | ${'away'} | ${1}  | ${[]}
  `('fails $failures times with $options: $outcome after $calls calls', async ({ failures, options, ...expected }: { failures: number; options: object }) => {
    expect(await run(failures, options)).toEqual(expected);
  });
});

describe('a fault of gRPC', () => {
  it('is known for each of its 16 statuses', () => {
    expect([...grpcFaults.keys()]).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    expect(new Set([...grpcFaults.values()].map(({ status }) => status)).size).toBe(16);
  });

  it('is repeated only where waiting may help, and is a platform fault where it is about permission', () => {
    for (const { kind, disposition } of grpcFaults.values()) {
      if (kind === 'passing') expect(disposition).toBe('retry');
      if (kind === 'permission') expect(disposition).toBe('defer');
      if (kind === 'request') expect(disposition).toBe('reject');
    }
  });

  it.each([[new Error('14 UNAVAILABLE')], [Object.assign(new Error('file'), { code: 'ENOENT' })], [{ code: 14 }], [Object.assign(new Error('?'), { code: 99 })], [undefined]])('is none of %s', (error) => {
    expect(grpcFaultOf(error)).toBeUndefined();
  });

  it('is told by the status of an error', () => {
    expect(grpcFaultOf(passing(14))).toMatchObject({ status: 'UNAVAILABLE', isOutcomeKnown: false });
  });
});
