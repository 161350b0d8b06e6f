import { alertChannels, type AlertChannelName, type Severity } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { faultyChannel, type FaultPlan } from '@handoff/faults';
import type { Notice, NoticeChannel } from '@handoff/ports';

/** One incident as the people behind one channel saw it: its first notice, and how many alerts were attached to it. */
export interface TakenAlert {
  readonly at: EpochMs;
  readonly channel: AlertChannelName;
  /** Of the first notice; what has become louder reaches louder channels, which have entries of their own. */
  readonly severity: Severity;
  readonly cause: string;
  readonly subject: string;
  readonly title: string;
  /** When the incident began: two channels that tell the same incident agree on it. */
  readonly openedAt: EpochMs;
  readonly count: number;
  /** Notices that came by this channel. */
  readonly notices: number;
  /** null while nobody has said that it is over. */
  readonly resolvedAt: EpochMs | null;
}

/** What reached people, by which channel: one entry per channel and incident until that is over. */
export class AlertBook {
  readonly #entries: TakenAlert[] = [];
  /** Where the newest entry of a channel and incident is. */
  readonly #places = new Map<string, number>();

  /** In the order of their first notices. */
  get alerts(): readonly TakenAlert[] {
    return this.#entries;
  }

  /** The channels of the product, each of which fails by plan. */
  channels(plan: FaultPlan): readonly NoticeChannel[] {
    return alertChannels.map(({ name }) => faultyChannel(this.channel(name), plan));
  }

  channel(name: AlertChannelName): NoticeChannel {
    return {
      name,
      send: (notice) => {
        // What people read in the morning is no alert.
        if (notice.kind !== 'bulletin') this.#take(name, notice);
        return Promise.resolve();
      },
    };
  }

  #take(channel: AlertChannelName, notice: Notice): void {
    const { kind, incidentId, at, cause, subject, severity, headline, openedAt, count } = notice;
    const key = `${channel}|${incidentId}`;
    const place = this.#places.get(key);
    const known = place === undefined ? undefined : this.#entries[place];
    // What follows from an incident may be told of after its end.
    if (place === undefined || known === undefined || (known.resolvedAt !== null && known.openedAt !== openedAt)) {
      // The end of what this channel never heard of: another one stood in for it.
      if (kind === 'resolved') return;
      this.#places.set(key, this.#entries.length);
      this.#entries.push({ at, channel, severity, cause, subject, title: headline, openedAt, count, notices: 1, resolvedAt: null });
      return;
    }
    this.#entries[place] = { ...known, count, notices: known.notices + 1, resolvedAt: kind === 'resolved' ? at : known.resolvedAt };
  }
}
