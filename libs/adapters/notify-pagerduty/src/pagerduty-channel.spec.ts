import { describeNoticeChannelContract, noticeFor, openRecordingWeb, withoutWaiting, type ContractChannel, type Opened } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { eventOf, PagerDutyChannel, type PagerDutyEvent } from './index.ts';

const routingKey = 'R0UT1NGK3Y';
const options = { routingKey, runbookBase: 'https://example.test/blob/main/', source: 'spec' };

/** What Events API v2 refuses, by its reference. */
function refusal(body: string): string | undefined {
  const { event_action: action, dedup_key: key, routing_key: routing, payload } = JSON.parse(body) as PagerDutyEvent;
  if (routing !== routingKey || key.length > 255 || body.length > 512 * 1_024) return 'invalid event';
  if (action === 'resolve') return undefined;
  if (payload === undefined || payload.summary.length === 0 || payload.summary.length > 1_024 || payload.source === '') return 'invalid payload';
  return ['critical', 'error', 'warning', 'info'].includes(payload.severity) && !Number.isNaN(Date.parse(payload.timestamp)) ? undefined : 'invalid payload';
}

async function open(): Promise<Opened<ContractChannel>> {
  const web = await openRecordingWeb(202, refusal);
  const channel = new PagerDutyChannel({ ...options, url: `${web.url}/v2/enqueue`, ...withoutWaiting });
  const fail: ContractChannel['fail'] = (how, times) => { web.failWith(how === 'away' ? (times > 2 ? 0 : 429) : 400, times); };
  return { subject: { channel, received: () => web.bodies, fail }, reopen: open, crash: open, close: web.close };
}

describeNoticeChannelContract('PagerDuty', open, routingKey);

describe('an incident', () => {
  it('is one at PagerDuty from its first notice to its last, which resolves it', () => {
    const events = (['opened', 'worsened', 'escalated', 'resolved'] as const).map((kind) => eventOf(noticeFor({ kind }), options));
    expect(new Set(events.map(({ dedup_key: key }) => key))).toEqual(new Set(['platform-fault/a1b2c3']));
    expect(events.map(({ event_action: action }) => action)).toEqual(['trigger', 'trigger', 'trigger', 'resolve']);
  });
});
