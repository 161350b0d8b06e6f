import { tableNamed, tableSubscriptions, type TableSubscription } from '@handoff/catalogue';
import { PipelineEvent, pipelineEventRowOf, type Row } from '@handoff/contracts';
import type { Delivery, Warehouse } from '@handoff/ports';

type Verdict = 'ack' | 'nack';

interface Waiting {
  readonly row: Row;
  readonly settle: (verdict: Verdict) => void;
}

/** Messages that are written at once, at the latest. */
const batchMax = 200;

const byName = new Map<string, TableSubscription>(tableSubscriptions.map((subscription) => [subscription.name, subscription]));

/**
 * Stands in for the bus that writes messages into tables by itself, as Pub/Sub does for a BigQuery subscription:
 * gathers them, and acknowledges each when it is written. A message that does not fit the table is refused, and ends
 * in the dead letters. Here a repeated event is one row already; the views do not rely on it.
 */
export class TableSink {
  readonly #warehouse: Warehouse;
  readonly #waiting = new Map<TableSubscription, Waiting[]>();

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /** True for a delivery that belongs into a table. */
  takes({ subscription }: Delivery): boolean {
    return byName.has(subscription);
  }

  /** True when enough has been gathered to be written. */
  get isFull(): boolean {
    return [...this.#waiting.values()].some((waiting) => waiting.length >= batchMax);
  }

  /** True when nothing has been gathered. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Settles when the message has been written, which `flush` does. */
  take({ subscription: name, message }: Delivery): Promise<Verdict> {
    const subscription = byName.get(name);
    const event = PipelineEvent.safeParse(message.payload);
    if (subscription === undefined || !event.success) return Promise.resolve('nack');
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(subscription) ?? [];
      waiting.push({ row: pipelineEventRowOf(event.data), settle: resolve });
      this.#waiting.set(subscription, waiting);
    });
  }

  /** Writes what has been gathered. @throws what the warehouse throws: nothing is acknowledged then, and all of it comes again. */
  async flush(): Promise<void> {
    const gathered = [...this.#waiting];
    this.#waiting.clear();
    for (const [{ table }, waiting] of gathered) {
      const [key = ''] = tableNamed(table).key;
      const rows = new Map(waiting.map(({ row }) => [row[key], row]));
      try {
        await this.#warehouse.merge({ table, rows: [...rows.values()] });
      } catch (error) {
        for (const { settle } of waiting) settle('nack');
        throw error;
      }
      for (const { settle } of waiting) settle('ack');
    }
  }
}
