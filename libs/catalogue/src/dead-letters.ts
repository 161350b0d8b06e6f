import { hours, minutes } from '@handoff/contracts';
import type { RetryPolicy } from './retries.ts';
import { subscriptions, tableSubscriptions, type Subscription, type TableSubscription } from './topics.ts';

const prefix = 'dead-letters.';

/** The topic of a subscription's dead letters, and the subscription on it: a topic without one forgets them. */
export const deadLetterName = (subscription: string): string => `${prefix}${subscription}`;

/** The subscription whose dead letters this one brings; undefined for any other. */
export const deadLettersOf = (name: string): string | undefined => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined);

/** A subscription on dead letters: it gives no message up, and keeps each until it is taken. */
export interface DeadLetterSubscription {
  readonly name: string;
  readonly topic: string;
  readonly function: 'dead-letter-redrive';
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

/** One for every subscription of the product. */
export const deadLetterSubscriptions: readonly DeadLetterSubscription[] = [...subscriptions, ...tableSubscriptions].map(({ name, minBackoffSeconds, maxBackoffSeconds }) => ({
  name: deadLetterName(name), topic: deadLetterName(name), function: 'dead-letter-redrive', minBackoffSeconds, maxBackoffSeconds,
}));

/**
 * How a message is sent again by itself that had no fair try, since its function or the state store was away say: at
 * once, then after 15 and 30 minutes, then hourly, so that it is taken within the hour in which whatever failed it is
 * back. The last try comes more than a day after the first: what the platform did is over by then, or people have heard
 * of it (docs/adr/0063-what-the-platform-failed-is-sent-hourly.md).
 */
export const unfairlyDeadPolicy: RetryPolicy = { firstDelayMs: minutes(0), backoffMs: minutes(15), backoffMaxMs: hours(1), jitterMax: 0.2, attemptsMax: 27 };

/** From this try on, three quarters of an hour after the first, people are told of a message that is sent again by itself: few outages that pass last longer. */
export const redriveToldFrom = 3;

/** The subscription that a dead letter came from; undefined where the catalogue has no such subscription any more. */
export const deadSubscription = (name: string): Subscription | TableSubscription | undefined => [...subscriptions, ...tableSubscriptions].find((subscription) => subscription.name === name);
