import { v1, type protos } from '@google-cloud/pubsub';
import { deadLetterName, deliveryDeadline, messageRetention } from '@handoff/catalogue';
import { grpcFaultOf, type RemoteClient } from '@handoff/remote-calls';
import { asPipelineError } from './errors.ts';
import { callOptions, openClient, subscriptionPath, topicPath, type PubSubOptions } from './pub-sub-client.ts';

/** A subscription that is to be there; the catalogue's rows fit. */
export interface PushSubscription {
  /** `topic--function`. */
  readonly name: string;
  readonly topic: string;
  readonly function: string;
  /** 5 at least, 100 at most: Pub/Sub's limits, 2026. */
  readonly deliveriesMax: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

export interface BusPlan {
  readonly topics: readonly string[];
  readonly subscriptions: readonly PushSubscription[];
  /** Where a function listens: an address without a path. Undefined: it is not pushed to, but pulls. */
  readonly addressOf: (functionName: string) => string | undefined;
  /** The function that takes the dead letters of all subscriptions; absent: they are kept to be pulled. */
  readonly deadLettersTo?: string;
}

export interface BusProvisioner {
  /**
   * Makes topics and subscriptions as planned, each subscription with a dead-letter topic that keeps what it is
   * given for 7 days in a subscription of its own. Can be repeated: what is there is brought to the plan.
   *
   * @throws the errors of the bus; what was made before stays.
   */
  provision(plan: BusPlan): Promise<void>;
  close(): Promise<void>;
}

const ackDeadlineSeconds = deliveryDeadline / 1_000;
const retention = { seconds: messageRetention / 1_000 };

/** Of what `updateSubscription` may change of one that is there. */
const changeable = ['push_config', 'ack_deadline_seconds', 'retry_policy', 'dead_letter_policy', 'message_retention_duration'];

/** Opens what makes topics and subscriptions, for local use: in the cloud `nx provision` does it. */
export const openBusProvisioner = (options: PubSubOptions): BusProvisioner => new Provisioner(options);

class Provisioner implements BusProvisioner {
  readonly #projectId: string;
  readonly #publisher: RemoteClient<v1.PublisherClient>;
  readonly #subscriber: RemoteClient<v1.SubscriberClient>;

  constructor(options: PubSubOptions) {
    this.#projectId = options.projectId;
    this.#publisher = openClient(v1.PublisherClient, options);
    this.#subscriber = openClient(v1.SubscriberClient, options);
  }

  async provision({ topics, subscriptions, addressOf, deadLettersTo }: BusPlan): Promise<void> {
    await Promise.all([...topics, ...subscriptions.map(({ name }) => deadLetterName(name))].map((topic) => this.#makeTopic(topic)));
    await Promise.all(subscriptions.flatMap((subscription) => [this.#makeSubscription(this.#pushing(subscription, addressOf(subscription.function))), this.#makeSubscription(this.#keeping(subscription, deadLettersTo === undefined ? undefined : addressOf(deadLettersTo)))]));
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await this.#subscriber.close();
  }

  async #makeTopic(topic: string): Promise<void> {
    try {
      await this.#publisher.call((client) => client.createTopic({ name: topicPath(this.#projectId, topic) }, callOptions()));
    } catch (error) {
      if (grpcFaultOf(error)?.kind !== 'exists') throw asPipelineError(error, `topic ${topic}`);
    }
  }

  async #makeSubscription(subscription: protos.google.pubsub.v1.ISubscription): Promise<void> {
    try {
      await this.#subscriber.call((client) => client.createSubscription(subscription, callOptions()));
    } catch (error) {
      if (grpcFaultOf(error)?.kind !== 'exists') throw asPipelineError(error, `subscription ${subscription.name ?? ''}`);
      await this.#subscriber.call((client) => client.updateSubscription({ subscription, updateMask: { paths: changeable.filter((field) => camelCased(field) in subscription) } }, callOptions()));
    }
  }

  /** The path of the topic is part of the address: the functions framework takes the event's source from it. */
  #pushing({ name, topic, deliveriesMax, minBackoffSeconds, maxBackoffSeconds }: PushSubscription, address: string | undefined): protos.google.pubsub.v1.ISubscription {
    const path = topicPath(this.#projectId, topic);
    return {
      name: subscriptionPath(this.#projectId, name),
      topic: path,
      ...(address === undefined ? {} : { pushConfig: { pushEndpoint: `${address}/${path}` } }),
      ackDeadlineSeconds,
      messageRetentionDuration: retention,
      ...backoffOf(minBackoffSeconds, maxBackoffSeconds),
      deadLetterPolicy: { deadLetterTopic: topicPath(this.#projectId, deadLetterName(name)), maxDeliveryAttempts: deliveriesMax },
      expirationPolicy: {},
    };
  }

  /** Without a dead-letter policy of its own: a letter stays until it is taken, or its retention ends. */
  #keeping({ name, minBackoffSeconds, maxBackoffSeconds }: PushSubscription, address: string | undefined): protos.google.pubsub.v1.ISubscription {
    const kept = deadLetterName(name);
    const topic = topicPath(this.#projectId, kept);
    const pushed = address === undefined ? {} : { pushConfig: { pushEndpoint: `${address}/${topic}` }, ackDeadlineSeconds, ...backoffOf(minBackoffSeconds, maxBackoffSeconds) };
    return { name: subscriptionPath(this.#projectId, kept), topic, messageRetentionDuration: retention, expirationPolicy: {}, ...pushed };
  }
}

/** Without a policy a refused message comes again at once; one of no seconds makes the emulator wait for two. */
const backoffOf = (minSeconds: number, maxSeconds: number): Pick<protos.google.pubsub.v1.ISubscription, 'retryPolicy'> =>
  (maxSeconds === 0 ? {} : { retryPolicy: { minimumBackoff: { seconds: minSeconds }, maximumBackoff: { seconds: maxSeconds } } });

const camelCased = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
