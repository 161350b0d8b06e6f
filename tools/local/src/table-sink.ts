import { tableNamed, tableSubscriptions, type TableSubscription } from '@handoff/catalogue';
import { rowOfWire, type Row } from '@handoff/contracts';
import type { Delivery, Warehouse } from '@handoff/ports';

type Verdict = 'ack' | 'nack';

interface Waiting {
  readonly row: Row;
  readonly settle: (verdict: Verdict) => void;
}

/** Messages that are written at once, at the latest. */
const batchMax = 200;

/**
 * Stands in for the bus that writes messages into tables by itself, as Pub/Sub does for a BigQuery subscription:
 * gathers them, and acknowledges each when it is written. A message that does not fit the table is refused, and ends
 * in the dead letters. Here a repeated event is one row already; the views do not rely on it.
 */
export class TableSink {
  readonly #warehouse: Warehouse;
  readonly #byName: ReadonlyMap<string, TableSubscription>;
  readonly #waiting = new Map<TableSubscription, Waiting[]>();

  constructor(warehouse: Warehouse, subscriptions: readonly TableSubscription[] = tableSubscriptions) {
    this.#warehouse = warehouse;
    this.#byName = new Map(subscriptions.map((subscription) => [subscription.name, subscription]));
  }

  /** True for a delivery that belongs into a table. */
  takes({ subscription }: Delivery): boolean {
    return this.#byName.has(subscription);
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
    const subscription = this.#byName.get(name);
    const row = subscription === undefined ? undefined : rowOfWire(tableNamed(subscription.table), message.payload);
    if (subscription === undefined || row === undefined) return Promise.resolve('nack');
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(subscription) ?? [];
      waiting.push({ row, settle: resolve });
      this.#waiting.set(subscription, waiting);
    });
  }

  /**
   * Writes what has been gathered, table by table, and settles every message of it: those of a table that cannot be
   * written come again.
   *
   * @throws what the warehouse throws, of the first such table, after the others.
   */
  async flush(): Promise<void> {
    const gathered = [...this.#waiting];
    this.#waiting.clear();
    const failures: unknown[] = [];
    for (const [{ table }, waiting] of gathered) {
      const [key = ''] = tableNamed(table).key;
      const rows = new Map(waiting.map(({ row }) => [row[key], row]));
      let verdict: Verdict = 'ack';
      try {
        // A subscription only ever adds rows.
        await this.#warehouse.merge({ table, rows: [...rows.values()], insertsOnly: true });
      } catch (error) {
        failures.push(error);
        verdict = 'nack';
      }
      for (const { settle } of waiting) settle(verdict);
    }
    if (failures.length > 0) throw failures[0];
  }
}
