import { epochMs, PipelineError, type EpochMs } from '@handoff/contracts';
import type { Clock, Delivery, MessageBus, OutgoingMessage } from '@handoff/ports';
import type { Database, RootDatabase } from 'lmdb';
import { afterDelivery, type DeliveryVerdict, type QueuedMessage, type SubscriptionPolicy } from './after-delivery.ts';

/** Runs work as one atomic, durable transaction: the environment that state and bus share. */
export interface BusTransaction {
  readonly root: RootDatabase<unknown, string>;
  commit<Result>(work: () => Result): Promise<Result>;
  assertOpen(): void;
}

export interface DeadLetter {
  readonly subscription: string;
  readonly messageId: string;
  readonly deliveries: number;
  readonly message: OutgoingMessage;
  readonly deadLetteredAt: EpochMs;
}

export interface BusOptions {
  readonly transaction: BusTransaction;
  readonly clock: Clock;
  readonly topics: readonly string[];
  readonly subscriptions: readonly SubscriptionPolicy[];
  /** Told of each message that used up its deliveries, after it was put aside. */
  readonly onDeadLetter?: (deadLetter: DeadLetter) => Promise<void>;
}

/** Ordered by when it is due, then by when it was queued. */
type QueueKey = [dueAt: number, sequence: number];

const sequenceKey = 'sequence';

/**
 * A message bus in this process: at least once, durable, in order of time.
 *
 * A message leaves the queue only when its delivery has an end, so one that a crash or an error interrupted is
 * delivered again, and that delivery is not counted: a process that is killed often loses nothing by it. A
 * refused one comes back after an exponential back-off on the given clock, and after `deliveriesMax` is a dead
 * letter. So is, undelivered, one whose subscription is gone.
 */
export class EmbeddedBus implements MessageBus {
  readonly #transaction: BusTransaction;
  readonly #clock: Clock;
  readonly #subscriptions: ReadonlyMap<string, SubscriptionPolicy>;
  readonly #topics: ReadonlyMap<string, readonly SubscriptionPolicy[]>;
  readonly #queue: Database<QueuedMessage, QueueKey>;
  readonly #deadLetters: Database<DeadLetter, number>;
  /** The last number given to a queue entry, message or dead letter: never given again, in any process. */
  readonly #counter: Database<number, string>;
  readonly #onDeadLetter: BusOptions['onDeadLetter'];
  /** Queue entries being delivered now, by their number. */
  readonly #inHand = new Set<number>();

  constructor({ transaction, clock, topics, subscriptions, onDeadLetter }: BusOptions) {
    this.#onDeadLetter = onDeadLetter;
    this.#transaction = transaction;
    this.#clock = clock;
    this.#subscriptions = new Map(subscriptions.map((subscription) => [subscription.name, subscription]));
    this.#topics = new Map(topics.map((topic) => [topic, subscriptions.filter((subscription) => subscription.topic === topic)]));
    this.#queue = transaction.root.openDB<QueuedMessage, QueueKey>({ name: 'bus', encoding: 'json' });
    this.#deadLetters = transaction.root.openDB<DeadLetter, number>({ name: 'dead-letters', encoding: 'json' });
    this.#counter = transaction.root.openDB<number, string>({ name: 'bus-counter', encoding: 'json' });
  }

  async publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const subscriptions = this.#topics.get(topic);
    if (subscriptions === undefined) {
      throw new PipelineError({ code: 'bus-topic-missing', disposition: 'defer', message: `there is no topic ${topic}: provision it, or add it to the catalogue`, facts: { topic } });
    }
    const publishedAt = this.#clock.now();
    return this.#commit(() => {
      const first = this.#takeNumbers(Math.max(1, subscriptions.length));
      const messageId = `${publishedAt}-${first}`;
      for (const [index, { name }] of subscriptions.entries()) {
        this.#queue.putSync([publishedAt, first + index], { subscription: name, messageId, publishedAt, deliveries: 0, message });
      }
      return { messageId };
    });
  }

  /** When the next message that nobody has in hand is due; undefined when there is none. */
  nextDueAt(): EpochMs | undefined {
    this.#transaction.assertOpen();
    for (const key of this.#queue.getKeys({ limit: this.#inHand.size + 1 })) if (!this.#inHand.has(key[1])) return epochMs(key[0]);
    return undefined;
  }

  /**
   * Delivers the first due message, and tells whether there was one. The verdict decides what becomes of it; an
   * error of `deliver` is the caller's, and leaves the message queued. Deliveries may overlap: what one has in
   * hand the next passes over.
   */
  async deliverNext(deliver: (delivery: Delivery) => Promise<DeliveryVerdict>): Promise<boolean> {
    const entry = this.#nextDue();
    if (entry === undefined) return false;
    const { key, value: queued } = entry;
    const { subscription, messageId, publishedAt, message } = queued;
    this.#inHand.add(key[1]);
    try {
      const isKnown = this.#subscriptions.has(subscription);
      const verdict = isKnown ? await deliver({ subscription, messageId, publishedAt, attempt: queued.deliveries + 1, message }) : 'nack';
      const deadLetter = await this.#commit(() => this.#settle(key, queued, verdict));
      if (deadLetter !== undefined) await this.#onDeadLetter?.(deadLetter);
    } finally {
      this.#inHand.delete(key[1]);
    }
    return true;
  }

  /** Messages that used up their deliveries, oldest dead letter first. */
  deadLetters(): readonly DeadLetter[] {
    this.#transaction.assertOpen();
    return [...this.#deadLetters.getRange().map(({ value }) => value)];
  }

  /** How many deliveries are outstanding, due or not: a message counts once for each subscription. */
  depth(): number {
    this.#transaction.assertOpen();
    return this.#queue.getKeysCount();
  }

  #nextDue(): { readonly key: QueueKey; readonly value: QueuedMessage } | undefined {
    this.#transaction.assertOpen();
    for (const entry of this.#queue.getRange({ end: [this.#clock.now(), Number.MAX_SAFE_INTEGER], limit: this.#inHand.size + 1 })) {
      if (!this.#inHand.has(entry.key[1])) return entry;
    }
    return undefined;
  }

  #settle(key: QueueKey, queued: QueuedMessage, verdict: DeliveryVerdict): DeadLetter | undefined {
    this.#queue.removeSync(key);
    const next = afterDelivery(queued, verdict, this.#subscriptions.get(queued.subscription), this.#clock.now());
    if (next.kind === 'gone') return undefined;
    const sequence = this.#takeNumbers(1);
    if (next.kind === 'again') {
      this.#queue.putSync([next.dueAt, sequence], next.queued);
      return undefined;
    }
    const { subscription, messageId, deliveries, message } = next.queued;
    const deadLetter: DeadLetter = { subscription, messageId, deliveries, message, deadLetteredAt: next.at };
    this.#deadLetters.putSync(sequence, deadLetter);
    return deadLetter;
  }

  /** The first of `count` new numbers. */
  #takeNumbers(count: number): number {
    const first = (this.#counter.get(sequenceKey) ?? 0) + 1;
    this.#counter.putSync(sequenceKey, first + count - 1);
    return first;
  }

  async #commit<Result>(work: () => Result): Promise<Result> {
    try {
      return await this.#transaction.commit(work);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      throw new PipelineError({ code: 'bus-unavailable', disposition: 'retry', message: `the embedded bus could not be written: ${error.message}`, facts: error.facts, cause: error });
    }
  }
}
