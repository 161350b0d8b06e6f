import { tableNamed, tableSubscriptions, type TableName, type Topic } from '@handoff/catalogue';
import { wireRowOf, type EpochMs, type Row } from '@handoff/contracts';
import { documentId, publishEach, type MessageBus, type OutgoingMessage, type StateDocument, type StateRef, type StateStore, type StateWrite } from '@handoff/ports';

/** Messages that something waits for, and apart from them the pipeline's history: a log must not hold up work. */
const collections = { work: 'outbox', history: 'history_outbox' } as const;

/** The collections that hold messages which are written and not confirmed as published. */
export const outboxCollections: readonly string[] = Object.values(collections);

/** Messages that are confirmed at once: each is a delete and, as a rule, one document at most, of the 500 writes that a batch may have. */
const confirmedMax = 200;

interface OutboxPorts {
  readonly state: StateStore;
  readonly bus: MessageBus;
}

/** A message that is written with the state that justifies it, and published after. */
export interface OutboxEntry {
  readonly topic: Topic;
  readonly message: OutgoingMessage;
  /** Documents whose field `messageId` is set once the message is published, by whoever publishes it. */
  readonly confirms?: readonly StateRef[];
}

/**
 * A row of one of the append-only logs, as a message of the log's own topic. The key column names the event: a
 * repetition has the same.
 *
 * @throws RangeError for a table that no topic is written into.
 */
export function historyEntry(table: TableName, row: Row, correlationId: string): OutboxEntry {
  const subscription = tableSubscriptions.find((candidate) => candidate.table === table);
  if (subscription === undefined) throw new RangeError(`no topic is written into ${table}`);
  const definition = tableNamed(table);
  const [key = ''] = definition.key;
  return { topic: subscription.topic, message: { key: String(row[key]), payload: wireRowOf(definition, row), correlationId } };
}

interface OutboxDocument extends StateDocument, OutboxEntry {
  readonly writtenAt: EpochMs;
}

/**
 * The write that puts a message into the outbox; part of the caller's atomic batch. An event of the history that is
 * there already is written over by its like: the log must not fail the end of the work that it tells of.
 */
export const outboxWrite = (entry: OutboxEntry, now: EpochMs): StateWrite => ({ kind: isHistory(entry) ? 'set' : 'create', ref: refOf(entry), value: { writtenAt: now, ...entry } satisfies OutboxDocument });

export interface OutboxCommit {
  readonly writes: readonly StateWrite[];
  readonly entries: readonly OutboxEntry[];
  readonly now: EpochMs;
}

/**
 * Writes state and messages in one atomic batch, publishes the messages, then confirms. A crash after the
 * batch leaves the messages to `publishPending`; the receivers claim by key, so publishing twice changes
 * nothing (docs/adr/0004-outbox-and-claims.md).
 *
 * @throws what the batch throws: nothing is published then. And what publishing throws: the state is written
 *   then, and the messages are in the outbox.
 */
export async function commitWithOutbox(ports: OutboxPorts, commit: OutboxCommit): Promise<void> {
  await ports.state.batch([...commit.writes, ...commit.entries.map((entry) => outboxWrite(entry, commit.now))]);
  await publishWritten(ports, commit.entries);
}

/**
 * Publishes messages that the caller has just written into the outbox, then confirms them.
 *
 * @throws what publishing throws: the messages are in the outbox then, and the sweeper publishes them.
 */
export async function publishWritten(ports: OutboxPorts, entries: readonly OutboxEntry[]): Promise<void> {
  for (let first = 0; first < entries.length; first += confirmedMax) {
    const published: Published[] = [];
    for (const entry of entries.slice(first, first + confirmedMax)) published.push({ ref: refOf(entry), entry, ...(await ports.bus.publish(entry.topic, entry.message)) });
    await confirm(ports.state, published);
  }
}

/**
 * Publishes what a crash left in the outbox, oldest first, confirms each, and tells how many messages that were.
 * The history is not among them.
 *
 * @throws the first error of a publish, after the other messages: one topic that is missing holds up no other.
 */
export const publishPending = (ports: OutboxPorts, limit: number): Promise<number> => publishLeft(ports, collections.work, limit);

/** Publishes as `publishPending` does, of the history: however much of it waits, no message of work waits behind it. */
export const publishPendingHistory = (ports: OutboxPorts, limit: number): Promise<number> => publishLeft(ports, collections.history, limit);

async function publishLeft(ports: OutboxPorts, collection: string, limit: number): Promise<number> {
  const pending = await ports.state.query<OutboxDocument>({ collection, orderBy: { field: 'writtenAt', direction: 'asc' }, limit });
  await publishEach(pending, async ({ ref, value: entry }) => {
    const { messageId } = await ports.bus.publish(entry.topic, entry.message);
    await confirm(ports.state, [{ ref, entry, messageId }]);
  });
  return pending.length;
}

interface Published {
  readonly ref: StateRef;
  readonly entry: OutboxEntry;
  readonly messageId: string;
}

async function confirm(state: StateStore, published: readonly Published[]): Promise<void> {
  const confirmed = published.flatMap(({ entry, messageId }) => (entry.confirms ?? []).map((ref) => ({ ref, messageId })));
  await state.transact(confirmed.map(({ ref }) => ref), (documents) => ({
    writes: [
      ...published.map(({ ref }): StateWrite => ({ kind: 'delete', ref })),
      ...confirmed.flatMap(({ ref, messageId }, index): StateWrite[] => {
        const value = documents[index]?.value;
        return value === undefined ? [] : [{ kind: 'set', ref, value: { ...value, messageId } }];
      }),
    ],
    result: undefined,
  }));
}

const historyTopics: ReadonlySet<Topic> = new Set(tableSubscriptions.map(({ topic }) => topic));

const isHistory = ({ topic }: Pick<OutboxEntry, 'topic'>): boolean => historyTopics.has(topic);

/** Message keys may be longer than a document's id, and may hold a slash; two topics may share one. */
const refOf = ({ topic, message }: OutboxEntry): StateRef => ({ collection: isHistory({ topic }) ? collections.history : collections.work, id: documentId(`${topic}|${message.key}`) });
