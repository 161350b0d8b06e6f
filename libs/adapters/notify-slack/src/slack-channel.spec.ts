import { noticeOfBulletin } from '@handoff/incidents';
import { describeNoticeChannelContract, noticeFor, openRecordingWeb, withoutWaiting, type ContractChannel, type Opened } from '@handoff/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocksOf, SlackChannel, type SlackMessage } from './index.ts';

const secret = 'T000-B000-secret';
const runbookBase = 'https://example.test/blob/main/';

/** What Slack's webhook refuses, by its reference of Block Kit. */
function refusal(body: string): string | undefined {
  const { text, blocks } = JSON.parse(body) as SlackMessage;
  if (text.length === 0 || blocks.length > 50) return 'invalid_blocks';
  for (const block of blocks) {
    const texts = block.type === 'context' ? block.elements : [block.text];
    const charactersMax = block.type === 'header' ? 150 : 3_000;
    if (texts.length > 10 || texts.some((one) => one.text.length === 0 || one.text.length > charactersMax)) return 'invalid_blocks';
    if (texts.some((one) => one.type === 'mrkdwn' && /<!/.test(one.text))) return 'calls everybody';
  }
  return undefined;
}

async function open(): Promise<Opened<ContractChannel>> {
  const web = await openRecordingWeb(200, refusal);
  const channel = new SlackChannel({ webhookUrl: `${web.url}/services/${secret}`, runbookBase, ...withoutWaiting });
  const fail: ContractChannel['fail'] = (how, times) => { web.failWith(how === 'away' ? (times > 2 ? 0 : 503) : 404, times); };
  return { subject: { channel, received: () => web.bodies, fail }, reopen: open, crash: open, close: web.close };
}

describeNoticeChannelContract('Slack', open, secret);

it('any notice is within the limits of Slack', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ maxLength: 40 }), fc.string({ maxLength: 5_000 }), { maxKeys: 80 }), fc.string({ maxLength: 500 }), fc.array(fc.string(), { maxLength: 100 }), (facts, headline, consequences) => {
    expect(refusal(JSON.stringify(blocksOf(noticeFor({ facts, headline, consequences }), runbookBase)))).toBeUndefined();
  }), { numRuns: 200 });
});

it('a notice links its runbook', () => {
  expect(JSON.stringify(blocksOf(noticeFor(), runbookBase))).toContain('<https://example.test/blob/main/docs/runbooks/platform-fault.md|runbook of platform-fault>');
});

it('a bulletin is a message that Slack takes, without what only incidents have', () => {
  const { subject, facts, at } = noticeFor();
  const message = blocksOf(noticeOfBulletin({ name: 'daily-health-summary', subject, severity: 'info', headline: 'HEALTHY: this morning', meaning: 'The daily summary.', facts, page: 'docs/monitoring.md', command: 'npx handoff health', at }), runbookBase);
  expect(refusal(JSON.stringify(message))).toBeUndefined();
  expect([message.text, JSON.stringify(message.blocks).includes('since')]).toEqual(['HEALTHY: this morning', false]);
});
