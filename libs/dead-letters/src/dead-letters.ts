import { deadSubscription, redriveToldFrom } from '@handoff/catalogue';
import { hashOf, type EpochMs } from '@handoff/contracts';
import type { DeadLetter, DelayQueue, Notifier, OutgoingMessage, StateDocument, StateRef, StateStore } from '@handoff/ports';

/** `dead_letters`: one document per message key and subscription that used up its deliveries. */
export const deadLetters = 'dead_letters';

/**
 * | status | meaning |
 * |---|---|
 * | waiting | for people: its function failed at it |
 * | redriven | sent again, by itself or by people |
 * | settled | its work was done by another delivery |
 */
export interface DeadLetterDocument extends StateDocument {
  readonly status: 'waiting' | 'redriven' | 'settled';
  readonly subscription: string;
  readonly message: OutgoingMessage;
  /** The bus's id of the last letter: a repetition of it is no news. */
  readonly messageId: string;
  /** Letters of this work so far: one that is sent again and fails again is a second. */
  readonly letters: number;
  readonly deliveries: number;
  /** Tries that its function has begun, over all letters: those since the last one say whether it had a fair try. */
  readonly tries: number;
  readonly publishedAt: EpochMs;
  readonly keptAt: EpochMs;
  /** How often it was sent again, and when it was last due to be. */
  readonly redrives: number;
  readonly redriveAt: EpochMs | null;
  readonly reason: string;
  /** Whether people hear of it: of what waits for them, and of what has been sent again for long; a row of a log can wait. */
  readonly isTold: boolean;
}

/** The id of a dead letter, for people: of the work, not of the message, so that a message sent again and lost again is the same. */
export const deadLetterId = (subscription: string, messageKey: string): string => hashOf(`${subscription}|${messageKey}`).slice(0, 16);

export const deadLetterRef = ({ subscription, message }: Pick<DeadLetter, 'subscription' | 'message'>): StateRef => ({ collection: deadLetters, id: deadLetterId(subscription, message.key) });

interface RedrivePorts {
  readonly state: StateStore;
  readonly delays: DelayQueue;
}

/** What a letter becomes when it is sent again at `at`. */
export const redriven = (letter: DeadLetterDocument, at: EpochMs, reason: string): DeadLetterDocument => noted({ ...letter, status: 'redriven', redrives: letter.redrives + 1, redriveAt: at, reason });

/**
 * Sends a letter that is marked as redriven again, under its own key and as another occasion. Idempotent: a second
 * call for one occasion sends nothing more. Every subscription of the topic gets it; those that have done the work
 * drop it.
 *
 * @throws RangeError for a letter of a subscription that is gone from the catalogue: there is nowhere to send it.
 */
export async function sendAgain({ delays }: Pick<RedrivePorts, 'delays'>, { subscription, message, redrives, redriveAt, keptAt }: DeadLetterDocument): Promise<void> {
  const known = deadSubscription(subscription);
  if (known === undefined) throw new RangeError(`the catalogue has no subscription ${subscription} any more`);
  await delays.schedule(known.topic, { ...message, redrive: `dead-letter_${deadLetterId(subscription, message.key)}_${redrives}` }, redriveAt ?? keptAt);
}

/**
 * People's decision to send a letter again, whatever failed it before.
 *
 * @throws `state-version-conflict` (retry) when it has changed since it was read, and what `sendAgain` throws.
 */
export async function redriveByHand(ports: RedrivePorts, { ref, value, version }: { readonly ref: StateRef; readonly value: DeadLetterDocument; readonly version: string }, now: EpochMs): Promise<DeadLetterDocument> {
  const letter = redriven(value, now, 'sent again by hand');
  await ports.state.update(ref, letter, version);
  await sendAgain(ports, letter);
  return letter;
}

const isOfTable = (subscription: string): boolean => {
  const known = deadSubscription(subscription);
  return known !== undefined && 'table' in known;
};

/** A letter that has changed, with whether people hear of it now. */
export const noted = (letter: DeadLetterDocument): DeadLetterDocument =>
  ({ ...letter, isTold: letter.status === 'waiting' || (letter.status === 'redriven' && letter.redrives >= redriveToldFrom && !isOfTable(letter.subscription)) });

/** The incident of a dead letter is its subscription's: it is over with the last of them that people hear of. Idempotent. */
export async function endWithTheLast(subscription: string, { state, notifier, now }: { readonly state: StateStore; readonly notifier: Notifier; readonly now: EpochMs }): Promise<void> {
  const told = await state.query({ collection: deadLetters, where: [{ field: 'subscription', operator: '==', value: subscription }, { field: 'isTold', operator: '==', value: true }], limit: 1 });
  if (told.length === 0) await notifier.resolve('message-dead-lettered', subscription, now);
}
