import { courseLines, factLines, titleText, type NoticeLine } from '@handoff/incidents';
import { noticeTimeoutMs, sendNotice, type ChannelAnswer, type NoticeAttempts } from '@handoff/remote-calls';
import type { Notice, NoticeChannel } from '@handoff/ports';
import { createTransport, type Transporter } from 'nodemailer';

export interface EmailOptions extends NoticeAttempts {
  /** `smtps://user:password@host:465`: a secret. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: string;
  readonly runbookBase: string;
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
  /** Mail readers show what refers to the same letter as one conversation. */
  readonly references: string;
}

/** RFC 5322 has 998 for a line; what is longer is not read in a subject. */
const subjectCharactersMax = 200;

const lineText = ({ name, text }: NoticeLine): string => `${name}: ${text}`;

/** A notice as a letter: plain text. */
export function letterOf(notice: Notice, runbookBase: string): Letter {
  const { meaning, subject, command, runbook, incidentId, openedAt } = notice;
  const parts = [
    [meaning, `about: ${subject}`],
    courseLines(notice).map(lineText),
    factLines(notice).map(lineText),
    command === undefined ? [] : [`run: ${command}`],
    [`runbook: ${runbookBase}${runbook}`],
  ];
  return {
    subject: titleText(notice).slice(0, subjectCharactersMax),
    text: parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n'),
    references: `<${incidentId}.${openedAt}@handoff.invalid>`,
  };
}

/** E-mail, by SMTP. One connection for each letter: there are few, and far between. */
export class EmailChannel implements NoticeChannel {
  readonly name = 'email';
  readonly #options: EmailOptions;
  readonly #transport: Transporter;

  constructor(options: EmailOptions) {
    this.#options = options;
    this.#transport = createTransport({ url: options.smtpUrl, connectionTimeout: noticeTimeoutMs, greetingTimeout: noticeTimeoutMs, socketTimeout: noticeTimeoutMs, dnsTimeout: noticeTimeoutMs });
  }

  send(notice: Notice): Promise<void> {
    return sendNotice(this.name, this.#options, () => this.#post(notice));
  }

  async #post(notice: Notice): Promise<ChannelAnswer> {
    const { from, to, runbookBase } = this.#options;
    try {
      const { response } = await this.#transport.sendMail({ from, to, ...letterOf(notice, runbookBase) });
      return { status: 200, text: String(response) };
    } catch (error) {
      const reply = replyOf(error);
      if (reply === undefined) throw error;
      return reply;
    }
  }
}

/** Replies of SMTP say the reverse of HTTP's statuses: 4xx passes by itself, 5xx does not. */
function replyOf(error: unknown): ChannelAnswer | undefined {
  if (!(error instanceof Error) || !('responseCode' in error) || typeof error.responseCode !== 'number') return undefined;
  const text = 'response' in error ? String(error.response) : String(error.responseCode);
  return { status: error.responseCode >= 500 ? 400 : 503, text };
}
