import { givenUpWatch, retryLease, retryPolicy, type RetryPolicy } from '@handoff/catalogue';
import { after, hashOf, type EpochMs, type RetryQueueRow } from '@handoff/contracts';
import { historyEntry, outboxWrite, type OutboxEntry } from '@handoff/outbox';
import { documentId, type Clock, type Notifier, type Random, type StateDocument, type StateRef, type StateStore, type StateWrite, type VersionedDocument } from '@handoff/ports';
import { beginTry, isActive, isLate, noteFailure, type FailedWork, type Failure, type RetryItem } from '@handoff/retry';

/** `retry_queue`: one document per piece of failed work, at least for its season: what was given up is remembered. */
export const retryQueue = 'retry_queue';

export interface RetryDocument extends StateDocument {
  readonly item: RetryItem;
  /** pending or retrying: what the processor looks at. */
  readonly isActive: boolean;
  /** Only of an active one: when it has waited, or its try has lasted, as long as it may. */
  readonly dueAt?: EpochMs;
  /** Only of what was given up for want of success: until then the processor looks whether its work is done after all. */
  readonly watchedUntil?: EpochMs;
  readonly updatedAt: EpochMs;
}

export const retryRef = (workKey: string): StateRef => ({ collection: retryQueue, id: documentId(workKey) });

/** The id of an item in the log and for people: short, and the same wherever it is told. */
export const retryId = (workKey: string): string => hashOf(workKey).slice(0, 16);

interface QueuePorts {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly notifier: Notifier;
}

export interface NotedFailure {
  readonly work: FailedWork;
  readonly failure: Failure;
  /** Absent: the catalogue's. */
  readonly policy?: RetryPolicy;
}

/**
 * Notes that work has failed: opens an item, ends its try, or leaves it as it is where it waits already or was given
 * up with the same input. Idempotent. What is given up after its tries is told as `retries-exhausted`.
 */
export async function noteFailedWork(ports: QueuePorts, { work, failure, policy = retryPolicy }: NotedFailure): Promise<RetryItem> {
  const now = ports.clock.now();
  const moment = { now, random: ports.random.next() };
  const ref = retryRef(work.workKey);
  const item = await ports.state.transact([ref], ([known]) => {
    const before = (known?.value as RetryDocument | undefined)?.item;
    const next = noteFailure(before, { work, failure, policy }, moment);
    return { writes: next === before ? [] : changeWrites(next), result: next };
  });
  // Also where it was given up before: its teller may have been killed, and what has been told is only counted.
  if (item.status === 'failed_permanent' && !item.isWithdrawn) await tellGivenUp(ports, item);
  // Refused in a late try: people are told by the refusal.
  if (item.failure.type === 'permanent' && isLate(item)) await ports.notifier.resolve('retries-exhausted', item.workKey, now);
  return item;
}

/** The writes of a changed item: its document, and the event of the log. */
function changeWrites(item: RetryItem): readonly StateWrite[] {
  return [{ kind: 'set', ref: retryRef(item.workKey), value: documentOf(item) }, outboxWrite(eventOf(item), item.updatedAt)];
}

function documentOf(item: RetryItem): RetryDocument {
  const isWatched = item.status === 'failed_permanent' && !item.isWithdrawn;
  return { item, isActive: isActive(item), ...(isActive(item) && item.dueAt !== null ? { dueAt: item.dueAt } : {}), updatedAt: item.updatedAt, ...(isWatched ? { watchedUntil: after(item.updatedAt, givenUpWatch) } : {}) };
}

export interface RetryChange {
  readonly document: VersionedDocument<RetryDocument>;
  readonly item: RetryItem;
  /** Messages that go out with the change. */
  readonly entries?: readonly OutboxEntry[];
}

/**
 * Writes a changed item, its event and what it sends in one batch, if the item is still as it was read.
 *
 * @throws `state-version-conflict` (retry) when somebody else has changed it.
 */
export async function changeItem({ state }: Pick<QueuePorts, 'state'>, { document, item, entries = [] }: RetryChange): Promise<void> {
  const value = documentOf(item);
  await state.batch([
    { kind: 'update', ref: document.ref, value, expectedVersion: document.version },
    ...[eventOf(item), ...entries].map((entry) => outboxWrite(entry, item.updatedAt)),
  ]);
}

/** A try of an item: the item as it is under way, and the message that asks for it. */
export function tryOf(item: RetryItem, now: EpochMs): { readonly item: RetryItem; readonly entry: OutboxEntry } {
  const tried = beginTry(item, now, retryLease);
  return { item: tried, entry: { topic: item.redo.topic as OutboxEntry['topic'], message: redoMessage(tried) } };
}

/**
 * A message that failed is sent again under its own key, as another occasion. What is asked anew has an id of what is
 * asked and when: items that ask for the same at one moment, the games of one date say, share one request.
 */
function redoMessage({ redo, workKey, version, correlationId, lastRetryAt }: RetryItem): OutboxEntry['message'] {
  if (redo.messageKey !== null) return { key: redo.messageKey, payload: redo.payload, correlationId, redrive: `retry_${retryId(workKey)}_${version}` };
  const requestId = `retry_${hashOf(JSON.stringify(redo)).slice(0, 16)}_${lastRetryAt ?? 0}`;
  return { key: requestId, payload: { ...redo.payload, requestId, decisionId: 'retry' }, correlationId };
}

export async function tellGivenUp({ notifier }: Pick<QueuePorts, 'notifier'>, item: RetryItem): Promise<void> {
  if (item.failure.type === 'permanent' || item.isToldByGap === true) return;
  await notifier.alert({
    cause: 'retries-exhausted', subject: item.workKey, severity: 'error', title: `${item.processorName} was given up after ${item.retryCount} tries`,
    facts: { id: retryId(item.workKey), work: item.workKey, kind: item.kind, gameDate: item.gameDate, code: item.failure.code, message: item.failure.message }, at: item.updatedAt,
  });
}

function eventOf(item: RetryItem): OutboxEntry {
  const id = retryId(item.workKey);
  const row: RetryQueueRow = {
    event_id: `${id}-${item.version}`,
    id,
    version: item.version,
    game_date: item.gameDate,
    phase: item.phase,
    processor_name: item.processorName,
    kind: item.kind,
    error_code: item.failure.code,
    error_message: item.failure.message,
    error_type: item.failure.type.replace('-', '_'),
    retry_count: item.retryCount,
    max_retries: item.retriesMax,
    first_failure_at: item.firstFailureAt,
    last_retry_at: item.lastRetryAt,
    next_retry_at: item.status === 'pending' ? item.dueAt : null,
    status: item.status,
    resolution_notes: item.resolution,
    correlation_id: item.correlationId,
    metadata: { work_key: item.workKey, topic: item.redo.topic, games: [...(item.awaits?.games ?? [])] },
    created_at: item.firstFailureAt,
    updated_at: item.updatedAt,
  };
  return historyEntry('nba_orchestration.failed_processor_queue_log', row, item.correlationId);
}
