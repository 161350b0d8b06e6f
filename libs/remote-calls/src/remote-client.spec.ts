import { PipelineError } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { RemoteClient } from './index.ts';

const refusal = (code: 'state-unavailable' | 'state-permission-denied', disposition: 'retry' | 'defer') => (cause: unknown) => new PipelineError({ code, disposition, message: 'no credentials', cause });

/** A service whose credentials fail in turn with these errors, then are there. */
function service(failures: readonly Error[]) {
  const left = [...failures];
  const counts = { built: 0, called: 0, waits: 0 };
  const remote = new RemoteClient({
    build: () => {
      counts.built += 1;
      return { initialize: () => (left.length > 0 ? Promise.reject(left.shift() ?? new Error('none is left')) : Promise.resolve()), close: () => Promise.resolve() };
    },
    closed: () => new PipelineError({ code: 'state-unavailable', message: 'closed' }),
    withoutCredentials: refusal('state-permission-denied', 'defer'), unreachable: refusal('state-unavailable', 'retry'),
    pause: async () => { counts.waits += 1; }, random: () => 0,
  });
  return { counts, call: () => remote.call(() => { counts.called += 1; return Promise.resolve('answer'); }, () => false) };
}

const coded = (code: string | number, cause?: Error): Error => Object.assign(new Error('request failed', cause === undefined ? {} : { cause }), { code });
const answered = (status: number): Error => Object.assign(new Error('answered'), { status });

describe('credentials that cannot be asked for', () => {
  it.each<readonly [what: string, failure: Error]>([
    ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'TimeoutError'].map((code) => [code, coded(code)] as const),
    ['a cause below', new Error('fetch failed', { cause: new Error('socket', { cause: coded('ECONNRESET') }) })],
    ['503 of the metadata server', answered(503)], ['429 of it', answered(429)], ['500 as a code', coded(500)],
  ])('since nobody answers (%s) are asked for again, whatever the call, and the loss passes by itself', async (_, failure) => {
    const passing = service([failure, failure]);
    expect(await passing.call()).toBe('answer');
    expect(passing.counts).toEqual({ built: 3, called: 1, waits: 2 });
    await expect(service([failure, failure, failure, failure]).call()).rejects.toMatchObject({ code: 'state-unavailable', disposition: 'retry', cause: failure });
  });

  it.each([['there are none', new Error('Could not load the default credentials')], ['the metadata server refuses', answered(403)], ['it knows no account', answered(404)], ['no file is there', coded('ENOENT')]])('since %s are people\'s to give, and asked for anew with the next call', async (_, failure) => {
    const refused = service([failure]);
    await expect(refused.call()).rejects.toMatchObject({ code: 'state-permission-denied', disposition: 'defer' });
    expect(await refused.call()).toBe('answer');
    expect(refused.counts).toEqual({ built: 2, called: 1, waits: 0 });
  });
});
