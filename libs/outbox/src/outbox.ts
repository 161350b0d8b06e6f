import type { Topic } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import type { MessageBus, OutgoingMessage, StateDocument, StateStore, StateWrite } from '@handoff/ports';

const collection = 'outbox';

/** A message that is written with the state that justifies it, and published after. */
export interface OutboxEntry {
  readonly topic: Topic;
  readonly message: OutgoingMessage;
}

interface OutboxDocument extends StateDocument {
  readonly topic: Topic;
  readonly message: OutgoingMessage;
  readonly writtenAt: EpochMs;
}

/** The write that puts a message into the outbox; part of the caller's atomic batch. */
export const outboxWrite = ({ topic, message }: OutboxEntry, now: EpochMs): StateWrite => ({
  kind: 'create',
  ref: { collection, id: message.key },
  value: { topic, message, writtenAt: now } satisfies OutboxDocument,
});

export interface OutboxCommit {
  readonly writes: readonly StateWrite[];
  readonly entries: readonly OutboxEntry[];
  readonly now: EpochMs;
  /** Further writes of the confirmation, given the message ids by message key. */
  readonly confirm?: (messageIds: ReadonlyMap<string, string>) => readonly StateWrite[];
}

/**
 * Writes state and messages in one atomic batch, publishes the messages, then confirms. A crash after the
 * batch leaves the messages to `publishPending`; the receivers claim by key, so publishing twice changes
 * nothing (docs/adr/0004-outbox-and-claims.md).
 *
 * @throws what the batch throws: nothing is published then.
 */
export async function commitWithOutbox(ports: { readonly state: StateStore; readonly bus: MessageBus }, commit: OutboxCommit): Promise<void> {
  await ports.state.batch([...commit.writes, ...commit.entries.map((entry) => outboxWrite(entry, commit.now))]);
  const messageIds = new Map<string, string>();
  for (const { topic, message } of commit.entries) messageIds.set(message.key, (await ports.bus.publish(topic, message)).messageId);
  const confirmed = commit.entries.map(({ message }): StateWrite => ({ kind: 'delete', ref: { collection, id: message.key } }));
  await ports.state.batch([...confirmed, ...(commit.confirm?.(messageIds) ?? [])]);
}

/** Publishes what a crash left in the outbox, oldest first, and tells how many messages that were. */
export async function publishPending(ports: { readonly state: StateStore; readonly bus: MessageBus }, limit: number): Promise<number> {
  const pending = await ports.state.query<OutboxDocument>({ collection, orderBy: { field: 'writtenAt', direction: 'asc' }, limit });
  for (const { ref, value } of pending) {
    await ports.bus.publish(value.topic, value.message);
    await ports.state.batch([{ kind: 'delete', ref }]);
  }
  return pending.length;
}
