import type { EmbeddedBus } from '@handoff/bus-embedded';
import { deadLetterSubscriptions, subscriptions } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { encodePush, type HostResponse } from '@handoff/function-host';
import type { Delivery } from '@handoff/ports';
import type { FunctionCaller } from './function-caller.ts';
import type { MessageCarrier } from './message-carrier.ts';
import type { TableSink } from './table-sink.ts';

export interface EmbeddedCarrierOptions {
  readonly bus: EmbeddedBus;
  readonly functions: FunctionCaller;
  readonly sink: TableSink;
  /** Told of each delivery to a function; what it throws ends the run. */
  readonly delivered: (functionName: string, delivery: Delivery, response: HostResponse) => void;
}

const functionOf = new Map<string, string>([...subscriptions, ...deadLetterSubscriptions].map((subscription) => [subscription.name, subscription.function]));

/** Carries the messages of the bus in this process: in order of time, one at a time, each as a call to its function. */
export class EmbeddedCarrier implements MessageCarrier {
  readonly #options: EmbeddedCarrierOptions;
  /** Deliveries into tables that are not settled yet. */
  #gathered: Promise<boolean>[] = [];

  constructor(options: EmbeddedCarrierOptions) {
    this.#options = options;
  }

  async settle(): Promise<number> {
    let delivered = 0;
    while (await this.#deliverOne()) delivered += 1;
    return delivered;
  }

  nextDueAt(): EpochMs | undefined {
    return this.#options.bus.nextDueAt();
  }

  async writeTables(): Promise<void> {
    try {
      await this.#options.sink.flush();
    } finally {
      await Promise.all(this.#gathered.splice(0));
    }
  }

  /** What goes into a table is not waited for: it is gathered, and written together. */
  async #deliverOne(): Promise<boolean> {
    const { bus, sink } = this.#options;
    const gathered: Delivery[] = [];
    const outcome = bus.deliverNext((delivery) => {
      if (!sink.takes(delivery)) return this.#deliver(delivery);
      gathered.push(delivery);
      return sink.take(delivery);
    });
    if (gathered.length === 0) return outcome;
    this.#gathered.push(outcome);
    if (sink.isFull) await this.writeTables();
    return true;
  }

  async #deliver(delivery: Delivery): Promise<'ack' | 'nack'> {
    const { functions, delivered } = this.#options;
    const name = functionOf.get(delivery.subscription) ?? delivery.subscription;
    const response = await functions.call(name, encodePush(delivery));
    delivered(name, delivery, response);
    return response.status < 300 ? 'ack' : 'nack';
  }
}
