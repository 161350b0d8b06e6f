import type { AlertChannelName } from '@handoff/catalogue';
import type { Notice, NoticeChannel } from '@handoff/ports';

/** A channel that keeps what it is given, in order: for local runs, the simulator and specs. */
export class RecordingChannel implements NoticeChannel {
  readonly name: AlertChannelName;
  readonly #notices: Notice[] = [];

  constructor(name: AlertChannelName) {
    this.name = name;
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  send(notice: Notice): Promise<void> {
    this.#notices.push(notice);
    return Promise.resolve();
  }
}
