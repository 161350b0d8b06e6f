import type { EpochMs } from '@handoff/contracts';

/** A message as it is published. `key` names the work, so that a receiver can drop a repetition. */
export interface OutgoingMessage {
  /** Deterministic, at most 200 characters; the receiver claims by it. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  readonly orderingKey?: string;
  /** Names an occasion on which people have sent a message again that was rejected: its receiver takes the work up once more. */
  readonly redrive?: string;
  /** Names a resource of ours that failed when this was last delivered, and that others wait for: if it comes through, they follow. */
  readonly probe?: string;
}

/**
 * Publishes at least once. What is acknowledged survives a crash and reaches every subscription of the
 * topic: possibly late, more than once and out of order; after the subscription's deliveries are used up
 * it is in its dead letters.
 */
export interface MessageBus {
  /** @throws `bus-unavailable` (retry), `bus-topic-missing` and `bus-permission-denied` (defer). */
  publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }>;
}

/** A message on its way to a function, as every transport is decoded into. */
export interface Delivery {
  readonly subscription: string;
  readonly messageId: string;
  readonly publishedAt: EpochMs;
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** Of a dead letter: how many deliveries it had to the subscription that gave it up. */
  readonly deadDeliveries?: number;
  readonly message: OutgoingMessage;
}

/** A message that used up its deliveries to a subscription, as the dead letters of that subscription bring it. */
export interface DeadLetter {
  /** The subscription that gave it up. */
  readonly subscription: string;
  readonly messageId: string;
  readonly publishedAt: EpochMs;
  /** To that subscription. */
  readonly deliveries: number;
  readonly message: OutgoingMessage;
}

/**
 * Work for later: kept durably, published to `topic` when due. The outbox sweeper delivers it, within a
 * minute of `dueAt`.
 */
export interface DelayQueue {
  /**
   * Idempotent by topic and `message.key`: scheduling a key again before it was delivered moves nothing. One that
   * is scheduled again while it is being delivered is new work, and is delivered again at its new time.
   */
  schedule(topic: string, message: OutgoingMessage, dueAt: EpochMs): Promise<void>;
  /**
   * Publishes what is due at `now`, longest due first, at most `limit`, and tells how many.
   *
   * @throws the first error of a publish, after the others were tried unless it concerns them all (`retry`).
   */
  deliverDue(now: EpochMs, limit: number): Promise<number>;
}
