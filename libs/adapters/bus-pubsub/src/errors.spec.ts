import { describe, expect, it } from 'vitest';
import { asPipelineError } from './errors.ts';
import { openPubSubBus } from './index.ts';

describe('trouble', () => {
  const message = { key: 'a', correlationId: 'chain', payload: {} };

  it('is told apart: nobody there, and closed', async () => {
    const nobody = openPubSubBus({ projectId: 'spec', emulator: { host: '127.0.0.1', port: 1 } });
    await expect(nobody.publish('files-stored', message)).rejects.toMatchObject({ code: 'bus-unavailable', disposition: 'retry', facts: { status: 'UNAVAILABLE' } });
    await nobody.close();
    await expect(nobody.publish('files-stored', message)).rejects.toMatchObject({ code: 'bus-unavailable', disposition: 'retry' });
  });

  it.each([
    [3, 'bus-message-refused', 'reject'], [5, 'bus-topic-missing', 'defer'], [7, 'bus-permission-denied', 'defer'], [16, 'bus-permission-denied', 'defer'], [4, 'bus-unavailable', 'retry'],
    [8, 'bus-unavailable', 'retry'], [9, 'bus-misconfigured', 'defer'], [12, 'bus-misconfigured', 'defer'], [13, 'bus-unavailable', 'retry'],
  ])('of gRPC status %i is %s (%s)', (code, expected, disposition) => {
    const cause = Object.assign(new Error('said so'), { code });
    expect(asPipelineError(cause, 'topic files-stored')).toMatchObject({ code: expected, disposition, cause, facts: { resource: 'topic files-stored' } });
  });

  it('that is no fault of a service is a bug, and comes back as it is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(asPipelineError(bug, 'topic files-stored')).toBe(bug);
  });
});
