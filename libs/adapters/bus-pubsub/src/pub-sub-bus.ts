import { v1, type protos } from '@google-cloud/pubsub';
import type { MessageBus, OutgoingMessage } from '@handoff/ports';
import type { RemoteClient } from '@handoff/remote-calls';
import { asPipelineError } from './errors.ts';
import { callOptions, openClient, topicPath, type PubSubOptions } from './pub-sub-client.ts';

/** Opens the bus on Pub/Sub; nothing is called before the first use. */
export const openPubSubBus = (options: PubSubOptions): PubSubBus => new PubSubBus(options);

/**
 * The message bus on Pub/Sub. Each message is a request of its own: it waits for no others to share one, which on
 * a hand-off is time that somebody waits for. The payload is the data, as JSON; identity travels as attributes,
 * where a receiver finds it without a decoder. A publish that is repeated may publish twice: receivers claim by key.
 */
export class PubSubBus implements MessageBus {
  readonly #projectId: string;
  readonly #remote: RemoteClient<v1.PublisherClient>;

  constructor(options: PubSubOptions) {
    this.#projectId = options.projectId;
    this.#remote = openClient(v1.PublisherClient, options);
  }

  async publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const request = { topic: topicPath(this.#projectId, topic), messages: [encoded(message)] };
    try {
      const [{ messageIds }] = await this.#remote.call((client) => client.publish(request, callOptions()));
      return { messageId: messageIds?.[0] ?? '' };
    } catch (error) {
      throw asPipelineError(error, `topic ${topic}`);
    }
  }

  /** Waits for what was asked for, then closes the client. */
  close(): Promise<void> {
    return this.#remote.close();
  }
}

function encoded({ key, correlationId, redrive, probe, orderingKey, payload }: OutgoingMessage): protos.google.pubsub.v1.IPubsubMessage {
  const attributes = { key, correlationId, ...(redrive === undefined ? {} : { redrive }), ...(probe === undefined ? {} : { probe }) };
  return { data: Buffer.from(JSON.stringify(payload)), attributes, ...(orderingKey === undefined ? {} : { orderingKey }) };
}
