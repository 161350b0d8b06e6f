import { describeNoticeChannelContract, noticeFor, openRecordingSmtp, withoutWaiting, type ContractChannel, type Opened } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { EmailChannel, letterOf } from './index.ts';

const runbookBase = 'https://example.test/blob/main/';
const secret = 'mailpassword';

/** A letter as its reader sees it: quoted-printable and base64 undone, folded lines joined. */
function readable(letter: string): string {
  const [head = '', ...body] = letter.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return `${head}\n${Buffer.from(text, 'base64').toString('utf8')}`;
  const quoted = text.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `${head}\n${quoted}`;
}

async function open(): Promise<Opened<ContractChannel>> {
  const smtp = await openRecordingSmtp();
  const channel = new EmailChannel({ smtpUrl: `smtp://127.0.0.1:${smtp.port}/?name=${secret}&ignoreTLS=true`, from: 'handoff@example.test', to: 'oncall@example.test', runbookBase, ...withoutWaiting });
  const fail: ContractChannel['fail'] = (how, times) => { smtp.failWith(how === 'away' ? (times > 2 ? 0 : 451) : 550, times); };
  return { subject: { channel, received: () => smtp.letters.map(readable), fail }, reopen: open, crash: open, close: smtp.close };
}

describeNoticeChannelContract('E-mail', open, secret);

describe('a letter', () => {
  it('has one line of subject whatever it says, and goes to nobody else', async () => {
    const { subject: { channel, received }, close } = await open();
    await channel.send(noticeFor({ headline: 'x\r\nBcc: other@example.test' }));
    await close();
    const [head = ''] = received()[0]!.split('\n\n');
    expect(head.split('\r\n').filter((line) => /^(to|cc|bcc):/i.test(line))).toEqual(['To: oncall@example.test']);
  });

  it('of one incident is shown with its others', () => {
    expect(letterOf(noticeFor({ kind: 'resolved' }), runbookBase).references).toBe(letterOf(noticeFor(), runbookBase).references);
  });
});
