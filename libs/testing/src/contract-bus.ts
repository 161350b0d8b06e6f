import type { DurationMs } from '@handoff/contracts';
import type { Delivery, MessageBus } from '@handoff/ports';

/** A subscription of the suite: five deliveries, the least that Pub/Sub allows. */
export interface ContractSubscription {
  readonly name: string;
  readonly topic: string;
  readonly deliveriesMax: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

export interface ContractBus {
  readonly bus: MessageBus;
  /** Delivers what is due, each once, and tells how many deliveries that were; an error of `deliver` ends it. */
  readonly deliverDue: (deliver: (delivery: Delivery) => Promise<'ack' | 'nack'>) => Promise<number>;
  /** What used up its deliveries. */
  readonly deadLetters: () => Promise<readonly { readonly subscription: string; readonly key: string }[]>;
  /** Lets time go by: moves the clock, or waits where the service has its own. */
  readonly letPass: (span: DurationMs) => Promise<void>;
}

const subscription = (name: string, topic: string): ContractSubscription => ({ name, topic, deliveriesMax: 5, minBackoffSeconds: 10, maxBackoffSeconds: 60 });

/** Two subscriptions of one topic, one of another, and a topic without any. */
export const contractTopics: readonly string[] = ['files-stored', 'phase-done', 'nobody-listens'];
export const contractSubscriptions: readonly ContractSubscription[] = [
  subscription('files-stored--load', 'files-stored'), subscription('files-stored--count', 'files-stored'), subscription('phase-done--gate', 'phase-done'),
];
