import type { EpochMs } from '@handoff/contracts';
import { documentId, publishEach, type DelayQueue, type MessageBus, type OutgoingMessage, type StateDocument, type StateRef, type StateStore, type VersionedDocument } from '@handoff/ports';

const collection = 'deferred';

interface DeferredDocument extends StateDocument {
  readonly topic: string;
  readonly message: OutgoingMessage;
  readonly dueAt: EpochMs;
  /** Asked for again since it was written: due then, if it turns out that the first was being delivered meanwhile. */
  readonly againAt?: EpochMs;
}

/**
 * Deferred work as documents of the state store, one per topic and message key, delivered by the outbox
 * sweeper. A crash between publish and delete publishes once more under the same key; the receiver drops it.
 */
export class StateDelayQueue implements DelayQueue {
  readonly #state: StateStore;
  readonly #bus: MessageBus;

  constructor(state: StateStore, bus: MessageBus) {
    this.#state = state;
    this.#bus = bus;
  }

  async schedule(topic: string, message: OutgoingMessage, dueAt: EpochMs): Promise<void> {
    const ref = refOf(topic, message);
    await this.#state.transact([ref], ([known]) => {
      const value: DeferredDocument = known === undefined ? { topic, message, dueAt } : { ...(known.value as DeferredDocument), againAt: dueAt };
      return { writes: [{ kind: 'set', ref, value }], result: undefined };
    });
  }

  async deliverDue(now: EpochMs, limit: number): Promise<number> {
    const due = await this.#state.query<DeferredDocument>({
      collection,
      where: [{ field: 'dueAt', operator: '<=', value: now }],
      orderBy: { field: 'dueAt', direction: 'asc' },
      limit,
    });
    await publishEach(due, async (document) => {
      await this.#bus.publish(document.value.topic, document.value.message);
      await this.#settle(document);
    });
    return due.length;
  }

  /** Forgets what was delivered, unless its receiver has deferred it again since it was read: that is new work. */
  async #settle({ ref, version }: VersionedDocument<DeferredDocument>): Promise<void> {
    await this.#state.transact([ref], ([known]) => {
      if (known === undefined) return { writes: [], result: undefined };
      const { againAt, ...deferred } = known.value as DeferredDocument;
      if (known.version === version || againAt === undefined) return { writes: [{ kind: 'delete', ref }], result: undefined };
      return { writes: [{ kind: 'set', ref, value: { ...deferred, dueAt: againAt } }], result: undefined };
    });
  }
}

/** Message keys may be longer than a document's id, and may hold a slash. */
const refOf = (topic: string, message: OutgoingMessage): StateRef => ({ collection, id: documentId(`${topic}|${message.key}`) });
