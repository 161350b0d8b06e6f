import { describe, expect, it } from 'vitest';
import { grpcFaultOf, grpcFaults } from './index.ts';

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
    expect(grpcFaultOf(Object.assign(new Error('away'), { code: 14 }))).toMatchObject({ status: 'UNAVAILABLE', isOutcomeKnown: false });
  });
});
