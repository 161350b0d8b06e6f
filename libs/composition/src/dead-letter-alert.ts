import type { EpochMs } from '@handoff/contracts';
import type { Alert } from '@handoff/ports';

export interface UsedUpDeliveries {
  readonly subscription: string;
  readonly messageId: string;
  readonly key: string;
  readonly deliveries: number;
  readonly at: EpochMs;
}

/** What people are told of a message that is in the dead letters now. */
export const deadLetterAlert = ({ subscription, messageId, key, deliveries, at }: UsedUpDeliveries): Alert => ({
  cause: 'message-dead-lettered', subject: subscription, severity: 'error', title: `a message to ${subscription} used up its deliveries`, facts: { messageId, key, deliveries }, at,
});
