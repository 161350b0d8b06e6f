import { after, epochMs, hours } from '@handoff/contracts';
import type { NoticeKind } from '@handoff/incidents';
import type { Notice, NoticeChannel } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';

/** What stands behind a channel under test, on this machine. */
export interface ContractChannel {
  readonly channel: NoticeChannel;
  /** What has arrived, as text, one for each notice. */
  readonly received: () => readonly string[];
  /** What the next calls meet: no answer that can be used, or a refusal. Absent where the channel cannot fail. */
  readonly fail?: (how: 'away' | 'refuses', times: number) => void;
}

const openedAt = epochMs(Date.UTC(2026, 0, 23, 4, 20));

/** A notice of an incident that has lasted for two hours. */
export function noticeFor(changes: Partial<Notice> = {}): Notice {
  return {
    kind: 'opened', incidentId: 'a1b2c3', cause: 'platform-fault', subject: 'state', severity: 'critical', headline: 'state: state-permission-denied', meaning: 'A part of our own platform refuses work.',
    facts: { code: 'state-permission-denied', permission: 'datastore.entities.get' }, openedAt, at: after(openedAt, hours(2)), age: hours(2), count: 7, others: [], consequences: [],
    runbook: 'docs/runbooks/platform-fault.md', command: 'npx handoff queue list', ...changes,
  };
}

const kinds: readonly NoticeKind[] = ['opened', 'worsened', 'consequence', 'escalated', 'resolved'];
const unfriendly = '\u0000\u001b[31m <!channel> & "quotes" `code` \r\nBcc: x@example.test \u{1F600} é';

/** What every channel to people does. `secret` is what no error of it may tell. */
export function describeNoticeChannelContract(name: string, open: Open<ContractChannel>, secret?: string): void {
  describe(`${name} keeps the channel contract`, () => {
    const opening = closedAfterEach(open);

    it('delivers a notice once, with what it is about, the fact that names the cause, the command and the runbook', async () => {
      const { subject: { channel, received } } = await opening();
      await channel.send(noticeFor());
      expect(received()).toHaveLength(1);
      for (const part of ['state-permission-denied', 'datastore.entities.get', 'npx handoff queue list', 'docs/runbooks/platform-fault.md']) expect(received()[0]).toContain(part);
    });

    it.each(kinds)('delivers a notice of the kind %s', async (kind) => {
      const { subject: { channel, received } } = await opening();
      await channel.send(noticeFor({ kind }));
      expect(received()).toHaveLength(1);
    });

    it('delivers what is long, much, or unfriendly', async () => {
      const { subject: { channel, received } } = await opening();
      const facts = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`fact ${index} ${unfriendly}`, unfriendly.repeat(20)]));
      await channel.send(noticeFor({ facts, headline: unfriendly.repeat(50), subject: unfriendly, consequences: Array.from({ length: 100 }, () => unfriendly) }));
      await channel.send(noticeFor({ facts: {}, command: undefined, headline: '' }));
      expect(received()).toHaveLength(2);
    });

    describeFailures(opening, secret);
  });
}

function describeFailures(open: Open<ContractChannel>, secret: string | undefined): void {
  it('tries again after what passes by itself, and delivers once', async () => {
    const { subject: { channel, received, fail } } = await open();
    if (fail === undefined) return;
    fail('away', 2);
    await channel.send(noticeFor());
    expect(received()).toHaveLength(1);
  });

  it.each([['away', 'channel-unavailable'], ['refuses', 'channel-refused']] as const)('that %s fails with %s, names itself, and tells no secret', async (how, code) => {
    const { subject: { channel, received, fail } } = await open();
    if (fail === undefined) return;
    fail(how, 9);
    const error = await channel.send(noticeFor()).then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, facts: { channel: channel.name } });
    expect(received()).toEqual([]);
    if (secret !== undefined) expect(JSON.stringify([String(error), error])).not.toContain(secret);
  });
}

/** Attempts that cost a test no time. */
export const withoutWaiting = { wait: (): Promise<void> => Promise.resolve(), random: (): number => 0 };
