import { deadSubscription, unfairlyDeadPolicy } from '@handoff/catalogue';
import { after, isoInstant, type EpochMs } from '@handoff/contracts';
import { deadLetterId, deadLetterRef, endWithTheLast, noted, redriven, sendAgain, type DeadLetterDocument } from '@handoff/dead-letters';
import { claimRef, workKeyOf, type ClaimDocument } from '@handoff/handoff-state';
import type { DeadLetter, FlowContext, FlowReport } from '@handoff/ports';
import { decideDeadLetter, type DeadLetterDecision, type DeadLetterEvidence } from '@handoff/retry';

/**
 * Keeps a message that used up its deliveries, and decides what becomes of it: it is sent again by itself where it had
 * no fair try, and kept for people, with an alert, where its function failed at it. People hear too of what is sent again
 * for long, and of its end. Its work counts over all its letters, so that sending again comes to an end. A letter that
 * comes twice changes nothing.
 */
export async function keepDeadLetter(letter: DeadLetter, { ports, log }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const ref = deadLetterRef(letter);
  const claim = await claimOf(letter, ports);
  const random = ports.random.next();
  const kept = await ports.state.transact([ref], ([known]) => {
    const before = known?.value as DeadLetterDocument | undefined;
    if (before?.messageId === letter.messageId) return { writes: [], result: before };
    const tries = (claim?.fencing ?? 0) - (before?.tries ?? 0);
    const decision = decideDeadLetter({ claim, tries, deliveries: letter.deliveries, redrives: before?.redrives ?? 0, isToBeSent: before !== undefined && isToBeSent(before, now), policy: unfairlyDeadPolicy, random });
    const next = noted(applied(opened(letter, { before, claim }, now), { decision, before }, now));
    return { writes: [{ kind: 'set', ref, value: next }], result: next };
  });
  // A crash before this point leaves the letter unacknowledged: it comes again, and is sent again under the same key.
  if (kept.status === 'redriven') await sendAgain(ports, kept);
  // Another delivery has done the work of a letter that people may have heard of.
  if (kept.status === 'settled') await endWithTheLast(letter.subscription, { ...ports, now });
  if (kept.isTold) await tell(kept, { ports, log, correlationId: letter.message.correlationId });
  return { outcome: kept.status, facts: { subscription: letter.subscription, letters: kept.letters, redrives: kept.redrives } };
}

const isToBeSent = ({ status, redriveAt }: DeadLetterDocument, now: EpochMs): boolean => status === 'redriven' && redriveAt !== null && redriveAt > now;

type KnownClaim = NonNullable<DeadLetterEvidence['claim']> & Pick<ClaimDocument, 'fencing'>;

async function claimOf({ subscription, message }: DeadLetter, { state }: FlowContext['ports']): Promise<KnownClaim | null> {
  const known = deadSubscription(subscription);
  if (known === undefined || 'table' in known) return null;
  const claim = await state.get<ClaimDocument>(claimRef(known.function, workKeyOf(known.topic, message.key)));
  return claim === undefined ? null : { status: claim.value.status, outcome: claim.value.outcome ?? null, fencing: claim.value.fencing };
}

interface Known {
  readonly before: DeadLetterDocument | undefined;
  readonly claim: KnownClaim | null;
}

const opened = ({ subscription, message, messageId, deliveries, publishedAt }: DeadLetter, { before, claim }: Known, keptAt: EpochMs): DeadLetterDocument => ({
  status: 'waiting', subscription, message, messageId, deliveries, publishedAt, keptAt, letters: (before?.letters ?? 0) + 1, redrives: before?.redrives ?? 0, redriveAt: null, reason: '', tries: claim?.fencing ?? 0, isTold: false,
});

function applied(letter: DeadLetterDocument, { decision, before }: { readonly decision: DeadLetterDecision; readonly before: DeadLetterDocument | undefined }, now: EpochMs): DeadLetterDocument {
  if (deadSubscription(letter.subscription) === undefined) return { ...letter, reason: 'the catalogue has no such subscription any more' };
  switch (decision.verdict) {
    case 'settled':
      return { ...letter, status: 'settled', reason: decision.reason };
    case 'await':
      return { ...letter, status: 'redriven', redriveAt: before?.redriveAt ?? now, reason: before?.reason ?? '' };
    case 'redrive':
      return redriven(letter, after(now, decision.delayMs), decision.reason);
    case 'keep':
      return { ...letter, reason: decision.reason };
  }
}

async function tell({ subscription, message, deliveries, status, redrives, redriveAt, reason, keptAt }: DeadLetterDocument, { ports }: FlowContext): Promise<void> {
  const again = status === 'redriven' ? `, ${redrives - 1} times, and is sent again` : '';
  await ports.notifier.alert({
    cause: 'message-dead-lettered', subject: subscription, severity: 'error', title: `a message to ${subscription} used up its deliveries${again}`,
    facts: { id: deadLetterId(subscription, message.key), key: message.key, deliveries, reason, ...(redriveAt === null ? {} : { redriveAt: isoInstant(redriveAt) }) }, at: keptAt,
  });
}
