import { epochMs, PipelineError, type EpochMs } from '@handoff/contracts';
import type { Clock, Delivery, MessageBus, OutgoingMessage } from '@handoff/ports';
import { afterDelivery, type DeliveryVerdict, type QueuedMessage, type SubscriptionPolicy } from './after-delivery.ts';
import { DueQueue, type DueEntry } from './due-queue.ts';

/** Values by number, in order of it. Within a commit they are written, and `current` sees what was; `committed` is what is durable. */
export interface BusTable<Key extends number, Value> {
  committed(key: Key): Value | undefined;
  committedRange(): Iterable<{ readonly key: Key; readonly value: Value }>;
  current(key: Key): Value | undefined;
  write(part: '', key: Key, value: Value | undefined): void;
}

interface BusTableOptions<Value> {
  readonly name: string;
  readonly keys: 'number';
  readonly encode: (value: Value) => string;
  readonly decode: (text: string) => Value;
}

/** Runs work as one atomic, durable transaction: the environment that state and bus share. */
export interface BusTransaction {
  table<Key extends number, Value>(options: BusTableOptions<Value>): BusTable<Key, Value>;
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
  /** The subscription that a subscription's dead letters are delivered to; absent, or of no subscription: they are kept only. */
  readonly deadLettersTo?: (subscription: string) => string;
}

/** A message as it is kept: with the time at which it is due, and written as JSON by whoever queues it. */
interface StoredMessage {
  readonly dueAt: number;
  readonly queued: QueuedMessage;
}

/** The only key of the counter. */
const counterKey = 0;

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
  readonly #queue: BusTable<number, string>;
  readonly #deadLetters: BusTable<number, DeadLetter>;
  /** The last number given to a queue entry, message or dead letter: never given again, in any process. */
  readonly #counter: BusTable<number, number>;
  readonly #deadLettersTo: BusOptions['deadLettersTo'];
  /** What is queued and in nobody's hand. */
  readonly #waiting = new DueQueue<DueEntry>();
  #inHandCount = 0;

  constructor({ transaction, clock, topics, subscriptions, deadLettersTo }: BusOptions) {
    this.#deadLettersTo = deadLettersTo;
    this.#transaction = transaction;
    this.#clock = clock;
    this.#subscriptions = new Map(subscriptions.map((subscription) => [subscription.name, subscription]));
    this.#topics = new Map(topics.map((topic) => [topic, subscriptions.filter((subscription) => subscription.topic === topic)]));
    this.#queue = transaction.table({ name: 'bus-queue', keys: 'number', encode: (text) => text, decode: (text) => text });
    this.#deadLetters = transaction.table({ name: 'bus-dead-letters', keys: 'number', encode: (letter) => JSON.stringify(letter), decode: (text) => JSON.parse(text) as DeadLetter });
    this.#counter = transaction.table({ name: 'bus-numbers', keys: 'number', encode: String, decode: Number });
    for (const { key, value } of this.#queue.committedRange()) this.#waiting.add({ dueAt: decoded(value).dueAt, number: key });
  }

  async publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const subscriptions = this.#topics.get(topic);
    if (subscriptions === undefined) {
      throw new PipelineError({ code: 'bus-topic-missing', disposition: 'defer', message: `there is no topic ${topic}: provision it, or add it to the catalogue`, facts: { topic } });
    }
    const publishedAt = this.#clock.now();
    const text = JSON.stringify(message);
    const first = await this.#commit(() => {
      const number = this.#takeNumbers(Math.max(1, subscriptions.length));
      for (const [index, { name }] of subscriptions.entries()) {
        const envelope = JSON.stringify({ dueAt: publishedAt, subscription: name, messageId: messageIdOf(publishedAt, number), publishedAt, deliveries: 0 });
        this.#queue.write('', number + index, `${envelope.slice(0, -1)},"message":${text}}`);
      }
      return number;
    });
    for (const index of subscriptions.keys()) this.#waiting.add({ dueAt: publishedAt, number: first + index });
    return { messageId: messageIdOf(publishedAt, first) };
  }

  /** When the next message that nobody has in hand is due; undefined when there is none. */
  nextDueAt(): EpochMs | undefined {
    this.#transaction.assertOpen();
    const { first } = this.#waiting;
    return first === undefined ? undefined : epochMs(first.dueAt);
  }

  /**
   * Delivers the first due message, and tells whether there was one. The verdict decides what becomes of it; an
   * error of `deliver` is the caller's, and leaves the message queued. Deliveries may overlap: what one has in
   * hand the next passes over.
   */
  async deliverNext(deliver: (delivery: Delivery) => Promise<DeliveryVerdict>): Promise<boolean> {
    const entry = this.#takeDue();
    if (entry === undefined) return false;
    this.#inHandCount += 1;
    let isSettled = false;
    try {
      const queued = this.#read(entry.number);
      const verdict = await this.#verdictOn(queued, deliver);
      const settled = await this.#commit(() => this.#settle(entry.number, queued, verdict));
      isSettled = true;
      if (settled !== undefined) this.#waiting.add(settled);
    } finally {
      this.#inHandCount -= 1;
      if (!isSettled) this.#waiting.add(entry);
    }
    return true;
  }

  /** Messages that used up their deliveries, oldest dead letter first. */
  deadLetters(): readonly DeadLetter[] {
    this.#transaction.assertOpen();
    return [...this.#deadLetters.committedRange()].map(({ value }) => value);
  }

  /** How many deliveries are outstanding, due or not: a message counts once for each subscription. */
  depth(): number {
    this.#transaction.assertOpen();
    return this.#waiting.size + this.#inHandCount;
  }

  #takeDue(): DueEntry | undefined {
    this.#transaction.assertOpen();
    const { first } = this.#waiting;
    return first !== undefined && first.dueAt <= this.#clock.now() ? this.#waiting.takeFirst() : undefined;
  }

  #read(number: number): QueuedMessage {
    const text = this.#queue.committed(number);
    if (text === undefined) throw new RangeError(`message ${number} is not in the queue`);
    return decoded(text).queued;
  }

  async #verdictOn(queued: QueuedMessage, deliver: (delivery: Delivery) => Promise<DeliveryVerdict>): Promise<DeliveryVerdict> {
    const { subscription, messageId, publishedAt, deliveries, deadDeliveries, message } = queued;
    if (!this.#subscriptions.has(subscription)) return 'nack';
    return deliver({ subscription, messageId, publishedAt, attempt: deliveries + 1, message, ...(deadDeliveries === undefined ? {} : { deadDeliveries }) });
  }

  /** Writes what becomes of the message; what is to be delivered then, if anything. */
  #settle(number: number, queued: QueuedMessage, verdict: DeliveryVerdict): DueEntry | undefined {
    this.#queue.write('', number, undefined);
    const next = afterDelivery(queued, verdict, this.#subscriptions.get(queued.subscription), this.#clock.now());
    if (next.kind === 'gone') return undefined;
    const sequence = this.#takeNumbers(1);
    if (next.kind === 'again') {
      this.#queue.write('', sequence, encoded({ dueAt: next.dueAt, queued: next.queued }));
      return { dueAt: next.dueAt, number: sequence };
    }
    const { subscription, messageId, deliveries, message } = next.queued;
    const deadLetter: DeadLetter = { subscription, messageId, deliveries, message, deadLetteredAt: next.at };
    this.#deadLetters.write('', sequence, deadLetter);
    return this.#forward(next.queued, next.at);
  }

  /** Dead letters are messages themselves, to a subscription of their own. */
  #forward(queued: QueuedMessage, now: EpochMs): DueEntry | undefined {
    const subscription = this.#deadLettersTo?.(queued.subscription);
    if (subscription === undefined || !this.#subscriptions.has(subscription)) return undefined;
    const number = this.#takeNumbers(1);
    this.#queue.write('', number, encoded({ dueAt: now, queued: { ...queued, subscription, deliveries: 0, deadDeliveries: queued.deliveries } }));
    return { dueAt: now, number };
  }

  /** The first of `count` new numbers. */
  #takeNumbers(count: number): number {
    const first = (this.#counter.current(counterKey) ?? 0) + 1;
    this.#counter.write('', counterKey, first + count - 1);
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

const messageIdOf = (publishedAt: EpochMs, number: number): string => `${publishedAt}-${number}`;

const encoded = ({ dueAt, queued }: StoredMessage): string => JSON.stringify({ dueAt, ...queued });

function decoded(text: string): StoredMessage {
  const { dueAt, subscription, messageId, publishedAt, deliveries, deadDeliveries, message } = JSON.parse(text) as QueuedMessage & { readonly dueAt: number };
  return { dueAt, queued: { subscription, messageId, publishedAt, deliveries, message, ...(deadDeliveries === undefined ? {} : { deadDeliveries }) } };
}
