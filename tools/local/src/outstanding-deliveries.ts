import { PipelineError, type DurationMs } from '@handoff/contracts';
import type { MessageBus } from '@handoff/ports';

/** What has to be known of a subscription to know what is owed to it. */
export interface OwedSubscription {
  readonly name: string;
  readonly topic: string;
  /** Refusals after which the bus gives a message up. */
  readonly deliveriesMax: number;
}

/** A message on its way to one subscription. */
export interface Owed {
  readonly subscription: string;
  readonly messageId: string;
}

const idOf = ({ subscription, messageId }: Owed): string => `${subscription} ${messageId}`;

/**
 * Counts what a bus that delivers by itself still owes: every message that was published, once for each subscription
 * of its topic, until that delivery was accepted or given up. Deliveries beyond that, which such a bus may make, count
 * for nothing.
 */
export class OutstandingDeliveries {
  readonly #subscriptions: readonly OwedSubscription[];
  readonly #owed = new Map<string, Owed>();
  /** Accepted before the publisher heard the message's id. */
  readonly #early = new Set<string>();
  readonly #refusals = new Map<string, number>();
  #publishing = 0;
  #waiters: (() => void)[] = [];

  constructor(subscriptions: readonly OwedSubscription[]) {
    this.#subscriptions = subscriptions;
  }

  /** The same bus, whose messages are counted. */
  counted(bus: MessageBus): MessageBus {
    return {
      publish: async (topic, message) => {
        this.#publishing += 1;
        try {
          const published = await bus.publish(topic, message);
          for (const { name } of this.#subscriptions.filter((subscription) => subscription.topic === topic)) this.#owe({ subscription: name, messageId: published.messageId });
          return published;
        } finally {
          this.#publishing -= 1;
          this.#changed();
        }
      },
    };
  }

  /** Takes note of a delivery after which there is no other: it was accepted, or given up. */
  settled(delivery: Owed): void {
    const id = idOf(delivery);
    if (!this.#owed.delete(id) && this.#publishing > 0) this.#early.add(id);
    this.#changed();
  }

  /** Counts a refused delivery. `isLast`: the bus makes no other. */
  refused(delivery: Owed): { readonly refusals: number; readonly isLast: boolean } {
    const id = idOf(delivery);
    const refusals = (this.#refusals.get(id) ?? 0) + 1;
    this.#refusals.set(id, refusals);
    const deliveriesMax = this.#subscriptions.find(({ name }) => name === delivery.subscription)?.deliveriesMax ?? Number.POSITIVE_INFINITY;
    return { refusals, isLast: refusals >= deliveriesMax };
  }

  /** Takes note of a delivery that the bus will make by itself. */
  owes(owed: Owed): void {
    this.#owed.set(idOf(owed), owed);
  }

  /** A delivery has arrived that is not over yet: whoever waits looks again. */
  noticed(): void {
    this.#changed();
  }

  /** What is owed to the subscriptions that `concerns` names. */
  owed(concerns: (subscription: string) => boolean): readonly Owed[] {
    return [...this.#owed.values()].filter(({ subscription }) => concerns(subscription));
  }

  get isPublishing(): boolean {
    return this.#publishing > 0;
  }

  /**
   * Resolves with the next change of anything above.
   *
   * @throws `deliveries-outstanding` (retry), naming what is owed, when there is none for `within` of real time.
   */
  nextChange(within: DurationMs): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => { reject(this.#stuck(within)); }, within);
      this.#waiters.push(() => {
        clearTimeout(tooLong);
        resolve();
      });
    });
  }

  #owe(owed: Owed): void {
    const id = idOf(owed);
    if (!this.#early.delete(id)) this.#owed.set(id, owed);
  }

  #changed(): void {
    if (this.#publishing === 0) this.#early.clear();
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #stuck(within: DurationMs): PipelineError {
    const owed = [...this.#owed.values()].map(idOf);
    const shown = `${owed.slice(0, 5).join(', ')}${owed.length > 5 ? ', …' : ''}`;
    return new PipelineError({ code: 'deliveries-outstanding', disposition: 'retry', message: `nothing was delivered for ${within / 1_000} s, and ${owed.length} deliveries are outstanding (subscription, message): ${shown}`, facts: { outstanding: owed.length } });
  }
}
