import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded } from '@handoff/composition/embedded';
import { parseInstant, type PhaseTriggered } from '@handoff/contracts';
import { transitionDefinition, type TransitionConfig } from '@handoff/flow-phase-transition';
import { claimWork, type Instance } from '@handoff/function-host';
import { claimRef, releasesOf, workKeyOf, type ReleaseDocument } from '@handoff/handoff-state';
import { createLog } from '@handoff/logging';
import type { BoundWork, Delivery, FlowContext, Ports } from '@handoff/ports';
import { transitions } from '@handoff/catalogue';
import type { DateChain } from './chain.ts';
import { triggerKey, type ChainEvent, type HandoffEngine, type OnTrigger, type OpenEngine } from './engine.ts';
import { clockStandsAt, loadSchedules } from './slates.ts';

/** A profile that is open for hand-offs. */
export interface OpenedProfile {
  readonly ports: Ports;
  readonly instance: Instance;
  /** From now on gives what is published to `receive`, until the profile is closed. */
  deliverTo(receive: (delivery: Delivery) => Promise<'ack' | 'nack'>): void;
  /** Waits until nothing is on its way. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** The embedded profile on the disk's own terms: what it acknowledges is flushed. */
export async function openEmbeddedOnDisk(): Promise<OpenedProfile> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  const clock = new VirtualClock(parseInstant(clockStandsAt));
  const log = createLog({ level: 'error', clock, stream: process.stderr });
  const sources = { fetch: () => Promise.reject(new RangeError('no source is asked here')) };
  const system = await openEmbedded({ folder, clock, sources, log, durability: 'disk' });
  const { ports, instance, bus } = system;
  const deliveries = new Set<Promise<unknown>>();
  let receive: ((delivery: Delivery) => Promise<'ack' | 'nack'>) | undefined;
  const deliverOne = (): void => {
    const delivery = receive === undefined ? Promise.resolve() : bus.deliverNext(receive);
    deliveries.add(delivery);
    void delivery.finally(() => deliveries.delete(delivery));
  };
  return {
    instance,
    ports: { ...ports, bus: { async publish(topic, message) { const published = await ports.bus.publish(topic, message); deliverOne(); return published; } } },
    deliverTo(taker) { receive = taker; },
    async settle() { while (deliveries.size > 0) await Promise.all(deliveries); },
    async close() {
      if (bus.depth() > 0) throw new RangeError(`${bus.depth()} messages are still queued`);
      await system.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Our flows and claims on the ports of a profile. */
export const openOwnEngine = (openProfile: () => Promise<OpenedProfile>): OpenEngine => async (chains, onTrigger) => {
  const profile = await openProfile();
  await loadSchedules(profile.ports, chains.length);
  return new OwnEngine(profile, chains, onTrigger);
};

type Run = Extract<BoundWork<TransitionConfig>, { isValid: true }>['run'];

class OwnEngine implements HandoffEngine {
  readonly #profile: OpenedProfile;
  readonly #context: FlowContext;
  readonly #onTrigger: OnTrigger;
  /** The flow's calls, bound to messages that were decoded and held to their contract before the clock starts. */
  readonly #runs = new Map<ChainEvent['step'], readonly Run[]>();
  readonly #keyOfRelease = new Map<string, string>();

  constructor(profile: OpenedProfile, chains: readonly DateChain[], onTrigger: OnTrigger) {
    this.#profile = profile;
    this.#context = { ports: profile.ports, log: profile.ports.log, correlationId: 'bench' };
    this.#onTrigger = onTrigger;
    for (const chain of chains) for (const step of chain.steps) this.#runs.set(step, runsOf(step));
    for (const chain of chains) for (const step of chain.steps) this.#keyOfRelease.set(`${chain.gameDate}|${step.triggerTopic}`, triggerKey(chain, step));
    profile.deliverTo((delivery) => this.#receive(delivery));
  }

  async complete({ step, eventIndex }: ChainEvent): Promise<void> {
    await this.#runs.get(step)?.[eventIndex]?.(this.#context, {});
  }

  settle(): Promise<void> {
    return this.#profile.settle();
  }

  /** Takes a trigger as the host does: claims it, works, ends the claim. */
  async #receive({ subscription, message }: Delivery): Promise<'ack' | 'nack'> {
    const { ports, instance } = this.#profile;
    const [topic, receiver] = subscription.split('--');
    const result = await claimWork(ports, claimRef(receiver ?? '', workKeyOf(topic ?? '', message.key)), instance);
    if (result.kind !== 'claimed') return result.kind === 'done' ? 'ack' : 'nack';
    const { runs } = message.payload as unknown as PhaseTriggered;
    for (const run of runs) this.#onTrigger(this.#keyOfRelease.get(`${run.gameDate}|${topic ?? ''}`) ?? `unknown ${run.releaseId}`);
    await result.claim.end('done', 'benchmarked');
    return 'ack';
  }

  async verify(chains: readonly DateChain[]): Promise<void> {
    const { state } = this.#profile.ports;
    for (const chain of chains) {
      for (const step of chain.steps) {
        const transition = transitions.find(({ app, from }) => app === step.app && from === step.events[0]?.phase);
        if (transition === undefined) throw new RangeError(`no transition ${step.app}`);
        const releases = await state.query<ReleaseDocument>({ collection: releasesOf({ sport: 'nba', gameDate: chain.gameDate, flow: step.events[0]?.flow ?? 'pregame', phase: transition.to }) });
        const [release] = releases;
        if (releases.length !== 1 || release?.value.verdict !== 'release' || release.value.messageId === null) throw new RangeError(`${triggerKey(chain, step)} was released ${releases.length} times, as ${release?.value.verdict ?? 'nothing'}`);
      }
    }
    const pending = await state.query({ collection: 'outbox' });
    if (pending.length > 0) throw new RangeError(`${pending.length} messages are left in the outbox`);
  }

  close(): Promise<void> {
    return this.#profile.close();
  }
}

function runsOf(step: ChainEvent['step']): readonly Run[] {
  const definition = transitionDefinition(step.app);
  const route = definition.routes.find(({ topic }) => topic === step.completionTopic);
  return step.events.map((event) => {
    const bound = route?.accept(event);
    if (bound?.isValid !== true) throw new RangeError(`${step.app} does not take ${step.completionTopic}: ${bound?.problem ?? 'no route'}`);
    return bound.run;
  });
}
