import { deadLettersOf } from '@handoff/catalogue';
import type { LocalEvent } from '@handoff/local';
import type { Delivery } from '@handoff/ports';

/** Answers that say that nothing was done: work that was done before, is in another's hands, is put off, or is left to the retry queue. */
const withoutEffect: ReadonlySet<string> = new Set(['duplicate', 'held', 'deferred', 'queued', 'rejected', 'nothing-due', 'healthy', 'claim-lost', 'not-noted']);

export interface EffectCounts {
  readonly deliveries: number;
  readonly redeliveries: number;
  readonly duplicatesDropped: number;
  /** Calls that were answered with anything but success. */
  readonly retries: number;
  readonly rejected: number;
  readonly deferred: number;
  /** Messages that used up their deliveries. */
  readonly deadLetters: number;
}

/**
 * What a delivery is about: the work that its key names, each time that people or we send it again. A message that was
 * published twice may end as two dead letters under one key: each of them is to be kept, and is a unit of its own.
 */
function unitOf({ subscription, messageId, message: { key, redrive } }: Delivery): string {
  if (deadLettersOf(subscription) !== undefined) return `${key} ${messageId}`;
  return redrive === undefined ? key : `${key} ${redrive}`;
}

/** Counts what functions answered, and notes work that took effect more than once. */
export class Effects {
  readonly #done = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  #deliveries = 0;
  #redeliveries = 0;
  #retries = 0;
  #deadLetters = 0;

  note({ function: name, delivery, response }: LocalEvent): void {
    const outcome = String(response.body['outcome']);
    if (response.status >= 300) this.#retries += 1;
    if (delivery === undefined) return;
    this.#deliveries += 1;
    if (delivery.attempt > 1) this.#redeliveries += 1;
    else if (deadLettersOf(delivery.subscription) !== undefined) this.#deadLetters += 1;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (response.status >= 300 || withoutEffect.has(outcome)) return;
    const work = `${name} ${delivery.subscription} ${unitOf(delivery)}`;
    this.#done.set(work, (this.#done.get(work) ?? 0) + 1);
  }

  counts(): EffectCounts {
    return {
      deliveries: this.#deliveries, redeliveries: this.#redeliveries, retries: this.#retries, deadLetters: this.#deadLetters,
      duplicatesDropped: this.#outcomes.get('duplicate') ?? 0, rejected: this.#outcomes.get('rejected') ?? 0, deferred: this.#outcomes.get('deferred') ?? 0,
    };
  }

  /** Units of work that were answered as done more than once. */
  doneTwice(): readonly string[] {
    return [...this.#done].filter(([, times]) => times > 1).map(([work, times]) => `${work}: ${times} times`);
  }
}
