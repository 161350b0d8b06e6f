import { after, seconds, type EpochMs } from '@handoff/contracts';
import type { OutgoingMessage } from '@handoff/ports';

/** What the bus needs to know of a subscription; the catalogue's Subscription fits. */
export interface SubscriptionPolicy {
  readonly name: string;
  readonly topic: string;
  readonly deliveriesMax: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

export type DeliveryVerdict = 'ack' | 'nack';

/** One message on its way to one subscription. */
export interface QueuedMessage {
  readonly subscription: string;
  readonly messageId: string;
  readonly publishedAt: EpochMs;
  /** Deliveries that were refused so far. */
  readonly deliveries: number;
  /** Of a dead letter on its way: the deliveries that it had before. */
  readonly deadDeliveries?: number;
  readonly message: OutgoingMessage;
}

export type AfterDelivery =
  | { readonly kind: 'gone' }
  | { readonly kind: 'again'; readonly dueAt: EpochMs; readonly queued: QueuedMessage }
  | { readonly kind: 'dead-letter'; readonly at: EpochMs; readonly queued: QueuedMessage };

/**
 * What becomes of a message after a delivery. The n-th refusal waits the least back-off times 2^(n-1), at most
 * the greatest one; a subscription that does not exist has no deliveries left.
 */
export function afterDelivery(queued: QueuedMessage, verdict: DeliveryVerdict, policy: SubscriptionPolicy | undefined, now: EpochMs): AfterDelivery {
  if (policy === undefined) return { kind: 'dead-letter', at: now, queued };
  if (verdict === 'ack') return { kind: 'gone' };
  const refused = { ...queued, deliveries: queued.deliveries + 1 };
  if (refused.deliveries >= policy.deliveriesMax) return { kind: 'dead-letter', at: now, queued: refused };
  const backoff = seconds(Math.min(policy.maxBackoffSeconds, policy.minBackoffSeconds * 2 ** (refused.deliveries - 1)));
  return { kind: 'again', dueAt: after(now, backoff), queued: refused };
}
