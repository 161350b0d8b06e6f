import { alertChannels, type AlertChannelName } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { faultyNotifier, type FaultPlan } from '@handoff/faults';
import type { Alert, Notifier, Severity } from '@handoff/ports';

/** One incident as the people behind one channel saw it: its first notice, and how many alerts were attached to that. */
export interface TakenAlert {
  readonly at: EpochMs;
  readonly channel: AlertChannelName;
  readonly severity: Severity;
  readonly cause: string;
  readonly subject: string;
  readonly title: string;
  readonly count: number;
  /** null while nobody has said that it is over. */
  readonly resolvedAt: EpochMs | null;
}

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };

/** What reached people, by which channel: one entry per channel, cause and subject until that is resolved. */
export class AlertBook {
  readonly #entries: TakenAlert[] = [];
  /** Where the open entry of a channel, cause and subject is. */
  readonly #open = new Map<string, number>();

  /** In the order of their first notices. */
  get alerts(): readonly TakenAlert[] {
    return this.#entries;
  }

  /** Tells the product's own record and every channel that takes the severity; what a channel loses is lost to it alone. */
  notifier(recorded: Notifier, plan: FaultPlan): Notifier {
    const channels = alertChannels.map((channel) => ({ ...channel, notifier: faultyNotifier(this.#channel(channel.name), plan, channel.name) }));
    return {
      alert: async (alert) => {
        await recorded.alert(alert);
        for (const { notifier, severityMin } of channels) if (rank[alert.severity] >= rank[severityMin]) await notifier.alert(alert);
      },
      resolve: async (cause, subject, at) => {
        await recorded.resolve(cause, subject, at);
        for (const { notifier } of channels) await notifier.resolve(cause, subject, at);
      },
    };
  }

  #channel(channel: AlertChannelName): Notifier {
    return {
      alert: (alert) => {
        this.#take(channel, alert);
        return Promise.resolve();
      },
      resolve: (cause, subject, at) => {
        this.#close([channel, cause, subject].join('|'), at);
        return Promise.resolve();
      },
    };
  }

  #take(channel: AlertChannelName, { cause, subject, severity, title, at }: Alert): void {
    const key = [channel, cause, subject].join('|');
    const place = this.#open.get(key);
    const known = place === undefined ? undefined : this.#entries[place];
    if (place !== undefined && known !== undefined) {
      this.#entries[place] = { ...known, count: known.count + 1, severity: rank[severity] > rank[known.severity] ? severity : known.severity };
      return;
    }
    this.#open.set(key, this.#entries.length);
    this.#entries.push({ at, channel, severity, cause, subject, title, count: 1, resolvedAt: null });
  }

  #close(key: string, at: EpochMs): void {
    const place = this.#open.get(key);
    const known = place === undefined ? undefined : this.#entries[place];
    if (place === undefined || known === undefined) return;
    this.#entries[place] = { ...known, resolvedAt: at };
    this.#open.delete(key);
  }
}
