import { deadLetterName } from '@handoff/catalogue';
import { v1, type protos } from '@google-cloud/pubsub';
import { parseInstant } from '@handoff/contracts';
import { startEmulator, type RunningEmulator } from '@handoff/google-emulators';
import type { Delivery, OutgoingMessage } from '@handoff/ports';
import type { RemoteClient } from '@handoff/remote-calls';
import { contractSubscriptions, contractTopics, describeMessageBusContract, skipWithout, type ContractBus, type Opened } from '@handoff/testing';
import { afterAll, beforeEach } from 'vitest';
import { openBusProvisioner, openPubSubBus, type PubSubBus } from './index.ts';
import { callOptions, openClient, subscriptionPath } from './pub-sub-client.ts';

const emulator = await startEmulator('pubsub');
beforeEach((context) => { if (emulator.kind === 'not-installed') skipWithout('emulators', emulator.reason, context); });
afterAll(async () => { if (emulator.kind === 'running') await emulator.stop(); });

/** The service's own clock cannot be moved, so the suite's subscriptions redeliver at once. */
const subscriptions = contractSubscriptions.map((subscription) => ({ ...subscription, function: 'none', minBackoffSeconds: 0, maxBackoffSeconds: 0 }));

type Received = protos.google.pubsub.v1.IReceivedMessage;

/** What the service must still deliver, as the suite knows it: it says how long to wait, and for what. */
class Outstanding {
  readonly #refusals = new Map<string, { readonly subscription: string; refusals: number }>();
  readonly dead: { readonly subscription: string; readonly key: string }[] = [];
  readonly #died: string[] = [];

  publish(topic: string, messageId: string): void {
    for (const { name } of subscriptions.filter((subscription) => subscription.topic === topic)) this.#refusals.set(`${name} ${messageId}`, { subscription: name, refusals: 0 });
  }

  of(name: string): number {
    return [...this.#refusals.values()].filter(({ subscription }) => subscription === name).length;
  }

  deadOf(name: string): number {
    return this.#died.filter((subscription) => subscription === name).length;
  }

  settle({ subscription, messageId }: Delivery, verdict: 'ack' | 'nack'): void {
    const one = this.#refusals.get(`${subscription} ${messageId}`);
    if (one === undefined) return;
    one.refusals += 1;
    const isDead = verdict === 'nack' && one.refusals === 5;
    if (isDead) this.#died.push(subscription);
    if (isDead || verdict === 'ack') this.#refusals.delete(`${subscription} ${messageId}`);
  }
}

/** A receiver of one process: pulls what is outstanding, and holds what it has not answered yet. */
class Receiver {
  readonly #projectId: string;
  readonly #outstanding: Outstanding;
  readonly #remote: RemoteClient<v1.SubscriberClient>;
  readonly #inHand = new Map<string, string>();
  #isKilled = false;

  constructor(projectId: string, outstanding: Outstanding, running: RunningEmulator) {
    this.#projectId = projectId;
    this.#outstanding = outstanding;
    this.#remote = openClient(v1.SubscriberClient, { projectId, emulator: running });
  }

  async deliverDue(deliver: (delivery: Delivery) => Promise<'ack' | 'nack'>): Promise<number> {
    const answers: { readonly delivery: Delivery; readonly ackId: string; readonly verdict: 'ack' | 'nack' }[] = [];
    try {
      for (const { name } of subscriptions) {
        for (const received of await this.#receive(name, this.#outstanding.of(name))) {
          const delivery = decoded(name, received);
          answers.push({ delivery, ackId: received.ackId ?? '', verdict: await deliver(delivery) });
        }
      }
    } finally {
      if (!this.#isKilled) await this.#answer(answers);
    }
    return answers.length;
  }

  /** Waits for as many as must be there. The emulator puts a message aside when its subscription is next asked. */
  async deadLetters(): Promise<readonly { readonly subscription: string; readonly key: string }[]> {
    const { dead } = this.#outstanding;
    for (const { name } of subscriptions) {
      while (dead.filter(({ subscription }) => subscription === name).length < this.#outstanding.deadOf(name)) {
        await this.#pull(name, true);
        const letters = await this.#pull(deadLetterName(name), false);
        dead.push(...letters.map(({ message }) => ({ subscription: message?.attributes?.['CloudPubSubDeadLetterSourceSubscription'] ?? '', key: message?.attributes?.['key'] ?? '' })));
        if (letters.length > 0) await this.#acknowledge(deadLetterName(name), letters);
      }
    }
    return dead;
  }

  /** The process is gone, and its connections with it: the service takes back what it had out. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    await this.#giveBack();
  }

  close(): Promise<void> {
    return this.#remote.close();
  }

  /** What is outstanding for a subscription, once each; and what comes beyond that, if there is any. */
  async #receive(name: string, count: number): Promise<readonly Received[]> {
    const received = new Map<string, Received>();
    do {
      const pulled = await this.#pull(name, received.size >= count);
      for (const one of pulled) {
        received.set(one.message?.messageId ?? '', one);
        this.#inHand.set(one.ackId ?? '', name);
      }
    } while (received.size < count);
    return [...received.values()];
  }

  async #answer(answers: readonly { readonly delivery: Delivery; readonly ackId: string; readonly verdict: 'ack' | 'nack' }[]): Promise<void> {
    for (const { delivery, ackId, verdict } of answers) {
      this.#outstanding.settle(delivery, verdict);
      if (verdict === 'nack') continue;
      this.#inHand.delete(ackId);
      await this.#acknowledge(delivery.subscription, [{ ackId }]);
    }
    await this.#giveBack();
  }

  /** Gives back what has no answer: refused, or never delivered since the receiver failed. */
  async #giveBack(): Promise<void> {
    for (const [ackId, name] of this.#inHand) {
      await this.#remote.call((client) => client.modifyAckDeadline({ subscription: subscriptionPath(this.#projectId, name), ackIds: [ackId], ackDeadlineSeconds: 0 }, callOptions()));
    }
    this.#inHand.clear();
  }

  async #pull(name: string, returnImmediately: boolean): Promise<readonly Received[]> {
    const request = { subscription: subscriptionPath(this.#projectId, name), maxMessages: 100, returnImmediately };
    const [{ receivedMessages }] = await this.#remote.call((client) => client.pull(request, callOptions()));
    return receivedMessages ?? [];
  }

  async #acknowledge(name: string, received: readonly Received[]): Promise<void> {
    await this.#remote.call((client) => client.acknowledge({ subscription: subscriptionPath(this.#projectId, name), ackIds: received.map(({ ackId }) => ackId ?? '') }, callOptions()));
  }
}

function decoded(subscription: string, { message, deliveryAttempt }: Received): Delivery {
  const { key, correlationId, redrive } = message?.attributes ?? {};
  const seconds = Number(message?.publishTime?.seconds ?? 0);
  return {
    subscription,
    messageId: message?.messageId ?? '',
    publishedAt: parseInstant(new Date(seconds * 1_000).toISOString()),
    attempt: deliveryAttempt ?? 0,
    message: {
      key: key ?? '', correlationId: correlationId ?? '',
      payload: JSON.parse(Buffer.from(message?.data as Uint8Array).toString()) as OutgoingMessage['payload'],
      ...((message?.orderingKey ?? '') === '' ? {} : { orderingKey: message?.orderingKey ?? '' }),
      ...(redrive === undefined ? {} : { redrive }),
    },
  };
}

function open(projectId: string, outstanding: Outstanding, running: RunningEmulator): Opened<ContractBus> {
  const bus: PubSubBus = openPubSubBus({ projectId, emulator: running });
  const receiver = new Receiver(projectId, outstanding, running);
  const close = async (): Promise<void> => {
    await bus.close();
    await receiver.close();
  };
  return {
    subject: {
      bus: {
        publish: async (topic, message) => {
          const published = await bus.publish(topic, message);
          outstanding.publish(topic, published.messageId);
          return published;
        },
      },
      deliverDue: (deliver) => receiver.deliverDue(deliver),
      deadLetters: () => receiver.deadLetters(),
      // Time is the service's own: what is due again is waited for where it is received.
      letPass: () => Promise.resolve(),
    },
    close,
    reopen: async () => {
      await close();
      return open(projectId, outstanding, running);
    },
    crash: async () => {
      await receiver.kill();
      return open(projectId, outstanding, running);
    },
  };
}

describeMessageBusContract('Pub/Sub', async () => {
  if (emulator.kind === 'not-installed') throw new Error(emulator.reason);
  const projectId = `spec-${crypto.randomUUID().slice(0, 20)}`;
  const provisioner = openBusProvisioner({ projectId, emulator });
  await provisioner.provision({ topics: contractTopics, subscriptions, addressOf: () => undefined });
  await provisioner.close();
  return open(projectId, new Outstanding(), emulator);
});
