import { epochMs, PipelineError, type EpochMs } from '@handoff/contracts';
import type { Clock, Delivery, MessageBus, OutgoingMessage } from '@handoff/ports';
import type { Database, RootDatabase } from 'lmdb';

/** What the bus needs to know of a subscription; the catalogue's Subscription fits. */
export interface SubscriptionPolicy {
  readonly name: string;
  readonly topic: string;
  readonly deliveriesMax: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

/** Runs work as one atomic, durable transaction: the environment that state and bus share. */
export interface BusTransaction {
  readonly root: RootDatabase<unknown, string>;
  commit<Result>(work: () => Result): Promise<Result>;
}

export type DeliveryVerdict = 'ack' | 'nack';

export interface DeadLetter {
  readonly subscription: string;
  readonly messageId: string;
  readonly deliveries: number;
  readonly message: OutgoingMessage;
  readonly deadLetteredAt: EpochMs;
}

interface QueuedMessage {
  readonly subscription: string;
  readonly messageId: string;
  readonly publishedAt: EpochMs;
  readonly deliveries: number;
  readonly message: OutgoingMessage;
}

/** Ordered by when it is due, then by when it was queued. */
type QueueKey = [dueAt: number, sequence: number];

/**
 * A message bus in this process: at least once, durable, in order of time. A message leaves the queue only
 * when its delivery is acknowledged, so one that a crash interrupted is delivered again. A refused one comes
 * back after an exponential back-off on the given clock, and after `deliveriesMax` is a dead letter.
 */
export class EmbeddedBus implements MessageBus {
  readonly #transaction: BusTransaction;
  readonly #clock: Clock;
  readonly #subscriptions: ReadonlyMap<string, SubscriptionPolicy>;
  readonly #topics: ReadonlyMap<string, readonly SubscriptionPolicy[]>;
  readonly #queue: Database<QueuedMessage, QueueKey>;
  readonly #deadLetters: Database<DeadLetter, string>;
  #sequence: number;

  constructor(options: { transaction: BusTransaction; clock: Clock; topics: readonly string[]; subscriptions: readonly SubscriptionPolicy[] }) {
    this.#transaction = options.transaction;
    this.#clock = options.clock;
    this.#subscriptions = new Map(options.subscriptions.map((subscription) => [subscription.name, subscription]));
    this.#topics = new Map(options.topics.map((topic) => [topic, options.subscriptions.filter((subscription) => subscription.topic === topic)]));
    this.#queue = options.transaction.root.openDB<QueuedMessage, QueueKey>({ name: 'bus', encoding: 'json' });
    this.#deadLetters = options.transaction.root.openDB<DeadLetter, string>({ name: 'dead-letters', encoding: 'json' });
    this.#sequence = 1 + Math.max(0, ...[...this.#queue.getKeys()].map((key) => key[1]));
  }

  async publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const subscriptions = this.#topics.get(topic);
    if (subscriptions === undefined) {
      throw new PipelineError({ code: 'bus-topic-missing', disposition: 'defer', message: `there is no topic ${topic}: provision it, or add it to the catalogue`, facts: { topic } });
    }
    const publishedAt = this.#clock.now();
    const messageId = `${publishedAt}-${this.#sequence}`;
    await this.#transaction.commit(() => {
      for (const { name } of subscriptions) this.#enqueue(publishedAt, { subscription: name, messageId, publishedAt, deliveries: 0, message });
    });
    return { messageId };
  }

  /** When the next message is due; undefined when the queue is empty. */
  nextDueAt(): EpochMs | undefined {
    for (const key of this.#queue.getKeys({ limit: 1 })) return epochMs(key[0]);
    return undefined;
  }

  /**
   * Delivers the first due message, and tells whether there was one. The verdict decides what becomes of
   * it; an error of `deliver` itself is not caught: the message stays queued.
   */
  async deliverNext(deliver: (delivery: Delivery) => Promise<DeliveryVerdict>): Promise<boolean> {
    const now = this.#clock.now();
    for (const { key, value } of this.#queue.getRange({ end: [now, Number.MAX_SAFE_INTEGER], limit: 1 })) {
      const { subscription, messageId, publishedAt, message } = value;
      const verdict = await deliver({ subscription, messageId, publishedAt, attempt: value.deliveries + 1, message });
      await this.#transaction.commit(() => { this.#settle(key, { ...value, deliveries: value.deliveries + 1 }, verdict); });
      return true;
    }
    return false;
  }

  /** Messages that used up their deliveries, in order of message id. */
  deadLetters(): readonly DeadLetter[] {
    return [...this.#deadLetters.getRange()].map(({ value }) => value);
  }

  /** How many messages wait, due or not. */
  depth(): number {
    return this.#queue.getCount();
  }

  #enqueue(dueAt: EpochMs, message: QueuedMessage): void {
    void this.#queue.put([dueAt, this.#sequence], message);
    this.#sequence += 1;
  }

  #settle(key: QueueKey, queued: QueuedMessage, verdict: DeliveryVerdict): void {
    void this.#queue.remove(key);
    if (verdict === 'ack') return;
    const policy = this.#subscriptions.get(queued.subscription);
    const { subscription, messageId, deliveries, message } = queued;
    const now = this.#clock.now();
    if (policy === undefined || deliveries >= policy.deliveriesMax) {
      void this.#deadLetters.put(`${messageId}|${subscription}`, { subscription, messageId, deliveries, message, deadLetteredAt: now });
      return;
    }
    const backoffSeconds = Math.min(policy.maxBackoffSeconds, policy.minBackoffSeconds * 2 ** (deliveries - 1));
    this.#enqueue(epochMs(now + backoffSeconds * 1_000), queued);
  }
}
