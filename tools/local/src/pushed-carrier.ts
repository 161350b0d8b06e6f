import { deadLetterName, deadLettersOf, tableSubscriptions } from '@handoff/catalogue';
import { minutes, type EpochMs } from '@handoff/contracts';
import { decodeRequest, type HostableFunction, type HostedFunction, type HostResponse } from '@handoff/function-host';
import type { Delivery } from '@handoff/ports';
import { z } from 'zod';
import type { MessageCarrier } from './message-carrier.ts';
import type { OutstandingDeliveries, Owed } from './outstanding-deliveries.ts';
import type { TableSink } from './table-sink.ts';

export interface PushedCarrierOptions {
  readonly outstanding: OutstandingDeliveries;
  readonly sink: TableSink;
  /** Told of each delivery to a function. */
  readonly delivered: (functionName: string, delivery: Delivery, response: HostResponse) => void;
}

/** What serves the table subscriptions: a name beside those of the functions. */
export const tableWriter = 'table-writer';

/** A push takes 0.1 s as a rule, and 4 s after refusals; what takes longer than this is not coming. */
const patience = minutes(2);

/** Of a push body, whatever else is wrong with it. */
const Push = z.object({ subscription: z.string(), message: z.object({ messageId: z.string() }) });

const intoTable: ReadonlySet<string> = new Set(tableSubscriptions.map(({ name }) => name));
const isForTable = (subscription: string): boolean => intoTable.has(subscription);
const isForFunction = (subscription: string): boolean => !isForTable(subscription);

/**
 * Carries messages that a bus of its own pushes, in its order and several at once. All that is done here is to
 * look on at the functions' doors, and to wait until nothing is owed to anybody.
 */
export class PushedCarrier implements MessageCarrier {
  readonly #options: PushedCarrierOptions;
  #deliveries = 0;

  constructor(options: PushedCarrierOptions) {
    this.#options = options;
  }

  /** Stands between a function and its requests. */
  around(name: string, hosted: HostedFunction): HostedFunction {
    return async (request) => {
      const response = await hosted(request);
      const push = Push.safeParse(request.body);
      if (!push.success) return response;
      const { subscription, message: { messageId } } = push.data;
      const decoded = decodeRequest(request);
      const delivery = decoded.kind === 'delivery' ? decoded.delivery : undefined;
      if (delivery !== undefined && name !== tableWriter) this.#options.delivered(name, delivery, response);
      const key = decoded.kind === 'dead-letter' ? decoded.letter.message.key : (delivery?.message.key ?? messageId);
      this.#noted({ subscription: subscription.slice(subscription.lastIndexOf('/') + 1), messageId, key }, response);
      return response;
    };
  }

  /** Takes what goes into tables; a request is answered when its row has been written. */
  tableFunction(): HostableFunction {
    return { name: tableWriter, host: () => async (request) => {
      const decoded = decodeRequest(request);
      const verdict = decoded.kind === 'delivery' ? this.#options.sink.take(decoded.delivery) : 'nack';
      this.#options.outstanding.noticed();
      return { status: (await verdict) === 'ack' ? 200 : 503, body: {} };
    } };
  }

  async settle(): Promise<number> {
    const { outstanding, sink } = this.#options;
    const before = this.#deliveries;
    while (outstanding.isPublishing || outstanding.owed(isForFunction).length > 0) await outstanding.nextChange(patience);
    if (sink.isFull) await sink.flush();
    return this.#deliveries - before;
  }

  /** A refused message comes back on real time, for which nobody needs to move the clock. */
  nextDueAt(): EpochMs | undefined {
    return undefined;
  }

  async writeTables(): Promise<void> {
    const { outstanding, sink } = this.#options;
    while (outstanding.owed(isForTable).length > 0) {
      if (sink.isEmpty) await outstanding.nextChange(patience);
      else await sink.flush();
    }
  }

  /** What is given up is owed to the dead letters, as another message: only its key is the same. */
  #noted({ key, subscription, messageId }: Owed & { readonly key: string }, { status }: HostResponse): void {
    const { outstanding } = this.#options;
    const pushed: Owed = { subscription, messageId: deadLettersOf(subscription) === undefined ? messageId : key };
    if (isForFunction(pushed.subscription)) this.#deliveries += 1;
    if (status >= 300) {
      const { isLast } = outstanding.refused(pushed);
      if (!isLast) return;
      outstanding.owes({ subscription: deadLetterName(subscription), messageId: key });
    }
    outstanding.settled(pushed);
  }
}
