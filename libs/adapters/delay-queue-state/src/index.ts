import type { EpochMs } from '@handoff/contracts';
import { hasCode } from '@handoff/contracts';
import type { DelayQueue, MessageBus, OutgoingMessage, StateDocument, StateStore } from '@handoff/ports';

const collection = 'deferred';

interface DeferredDocument extends StateDocument {
  readonly topic: string;
  readonly message: OutgoingMessage;
  readonly dueAt: EpochMs;
}

/**
 * Deferred work as documents of the state store, delivered by the outbox sweeper. A crash between publish
 * and delete publishes once more under the same key; the receiver drops it.
 */
export class StateDelayQueue implements DelayQueue {
  readonly #state: StateStore;
  readonly #bus: MessageBus;

  constructor(state: StateStore, bus: MessageBus) {
    this.#state = state;
    this.#bus = bus;
  }

  async schedule(topic: string, message: OutgoingMessage, dueAt: EpochMs): Promise<void> {
    try {
      await this.#state.create({ collection, id: message.key }, { topic, message, dueAt });
    } catch (error) {
      if (!hasCode(error, 'state-already-exists')) throw error;
    }
  }

  async deliverDue(now: EpochMs, limit: number): Promise<number> {
    const due = await this.#state.query<DeferredDocument>({
      collection,
      where: [{ field: 'dueAt', operator: '<=', value: now }],
      orderBy: { field: 'dueAt', direction: 'asc' },
      limit,
    });
    for (const { ref, value } of due) {
      await this.#bus.publish(value.topic, value.message);
      await this.#state.batch([{ kind: 'delete', ref }]);
    }
    return due.length;
  }
}
