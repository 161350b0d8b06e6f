import { postJson, sendNotice, type NoticeAttempts } from '@handoff/remote-calls';
import type { Notice, NoticeChannel } from '@handoff/ports';
import { blocksOf } from './slack-blocks.ts';

export interface SlackOptions extends NoticeAttempts {
  /** The address of an incoming webhook: whoever has it may write, so that it is a secret. */
  readonly webhookUrl: string;
  /** Where the repository's pages are, with a slash at its end. */
  readonly runbookBase: string;
}

/** Slack, by an incoming webhook. */
export class SlackChannel implements NoticeChannel {
  readonly name = 'slack';
  readonly #options: SlackOptions;

  constructor(options: SlackOptions) {
    this.#options = options;
  }

  send(notice: Notice): Promise<void> {
    const { webhookUrl, runbookBase } = this.#options;
    return sendNotice(this.name, this.#options, () => postJson(fetch, webhookUrl, blocksOf(notice, runbookBase)));
  }
}
