import { hasCode, type EpochMs } from '@handoff/contracts';
import { documentId, publishEach, type DelayQueue, type MessageBus, type OutgoingMessage, type StateDocument, type StateRef, type StateStore, type StateWrite, type VersionedDocument } from '@handoff/ports';

const collection = 'deferred';

interface DeferredDocument extends StateDocument {
  readonly topic: string;
  readonly message: OutgoingMessage;
  readonly dueAt: EpochMs;
  /** A sweeper publishes it, or was killed at that. */
  readonly isInDelivery?: true;
  /** Asked for again since it is in delivery: due then, once that is over. */
  readonly againAt?: EpochMs;
}

/**
 * Deferred work as documents of the state store, one per topic and message key, delivered by the outbox sweeper:
 *
 * | a document | becomes | when |
 * |---|---|---|
 * | none | waiting | scheduled |
 * | waiting | waiting, as it was | scheduled again: a read, so that a hundred who want the same do not contend |
 * | waiting, in delivery | in delivery | a sweeper takes it, to publish it |
 * | in delivery | in delivery, with the time asked for | scheduled again, by the receiver as a rule |
 * | in delivery | none, or waiting until the time asked for | published |
 *
 * A sweeper that is killed at it leaves it in delivery, and due: it is published once more under the same key; the
 * receiver drops it, or defers it again.
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
    const known = await this.#state.get<DeferredDocument>(ref);
    if (known !== undefined && known.value.isInDelivery !== true) return;
    await this.#state.transact([ref], ([current]) => ({ writes: scheduled(ref, current?.value as DeferredDocument | undefined, { topic, message, dueAt }), result: undefined }));
  }

  async deliverDue(now: EpochMs, limit: number): Promise<number> {
    const due = await this.#state.query<DeferredDocument>({
      collection,
      where: [{ field: 'dueAt', operator: '<=', value: now }],
      orderBy: { field: 'dueAt', direction: 'asc' },
      limit,
    });
    let delivered = 0;
    await publishEach(due, async (document) => {
      if (!(await this.#taken(document))) return;
      await this.#bus.publish(document.value.topic, document.value.message);
      await this.#settle(document.ref);
      delivered += 1;
    });
    return delivered;
  }

  /** False when another sweeper has it. A time that was asked for in an earlier delivery is forgotten: this one is asked anew. */
  async #taken({ ref, value, version }: VersionedDocument<DeferredDocument>): Promise<boolean> {
    const { topic, message, dueAt } = value;
    try {
      await this.#state.update(ref, { topic, message, dueAt, isInDelivery: true } satisfies DeferredDocument, version);
      return true;
    } catch (error) {
      if (hasCode(error, 'state-version-conflict') || hasCode(error, 'state-not-found')) return false;
      throw error;
    }
  }

  async #settle(ref: StateRef): Promise<void> {
    await this.#state.transact([ref], ([known]) => ({ writes: settled(ref, known?.value as DeferredDocument | undefined), result: undefined }));
  }
}

function scheduled(ref: StateRef, known: DeferredDocument | undefined, asked: DeferredDocument): readonly StateWrite[] {
  if (known === undefined) return [{ kind: 'set', ref, value: asked }];
  return known.isInDelivery === true ? [{ kind: 'set', ref, value: { ...known, againAt: asked.dueAt } }] : [];
}

/** One that is not in delivery has been settled by another sweeper, and waits anew. */
function settled(ref: StateRef, known: DeferredDocument | undefined): readonly StateWrite[] {
  if (known?.isInDelivery !== true) return [];
  const { topic, message, againAt } = known;
  return againAt === undefined ? [{ kind: 'delete', ref }] : [{ kind: 'set', ref, value: { topic, message, dueAt: againAt } }];
}

/** Message keys may be longer than a document's id, and may hold a slash. */
const refOf = (topic: string, message: OutgoingMessage): StateRef => ({ collection, id: documentId(`${topic}|${message.key}`) });
