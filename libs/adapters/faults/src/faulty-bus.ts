import { after, days, milliseconds, minutes, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { MessageBus, OutgoingMessage } from '@handoff/ports';
import { isAbout } from './concerned.ts';
import type { Fault, FaultKind } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import { busErrors, refuseStruck } from './port-errors.ts';

/** How long a message is held where the fault does not say. */
const delaySpan = minutes(10);
const reorderSpan = minutes(1);
/** A subscription that is paused without an end holds what it has for as long as Pub/Sub keeps it: seven days. */
const pausedSpan = days(7);

const kinds: readonly FaultKind[] = ['duplicate', 'drop', 'delay', 'reorder', 'paused', 'malformed'];

interface HeldMessage {
  readonly topic: string;
  readonly message: OutgoingMessage;
  readonly dueAt: EpochMs;
}

/** A payload that no contract takes: its first field is gone and a foreign one there. */
const broken = (payload: OutgoingMessage['payload']): OutgoingMessage['payload'] => ({ ...Object.fromEntries(Object.entries(payload).slice(1)), broken: true });

/**
 * A bus that refuses, doubles, breaks, loses and holds back messages by plan, on the way in. Targets: `bus`, and
 * `bus:<topic>`. What it holds back it has acknowledged under an id of its own; whoever moves the clock asks
 * `nextDueAt` and calls `releaseDue`. A `delay` holds for its span, a `reorder` for a random part of it, `paused` until
 * the fault is over.
 */
export class FaultyBus implements MessageBus {
  readonly #port: MessageBus;
  readonly #plan: FaultPlan;
  #held: HeldMessage[] = [];
  #taken = 0;

  constructor(port: MessageBus, plan: FaultPlan) {
    this.#port = port;
    this.#plan = plan;
  }

  async publish(topic: string, message: OutgoingMessage): Promise<{ readonly messageId: string }> {
    const call = { targets: ['bus', `bus:${topic}`], fits: (fault: Fault) => isAbout(fault, message) };
    refuseStruck(this.#plan, busErrors, call);
    const fault = this.#plan.strike({ ...call, kinds });
    switch (fault?.kind) {
      case 'duplicate':
        await this.#port.publish(topic, message);
        return this.#port.publish(topic, message);
      case 'drop':
        return this.#take('dropped');
      case 'delay':
        return this.#hold(topic, message, after(this.#plan.clock.now(), fault.span ?? delaySpan));
      case 'reorder':
        return this.#hold(topic, message, after(this.#plan.clock.now(), reordering(fault, this.#plan.random.next())));
      case 'paused':
        return this.#hold(topic, message, fault.until ?? after(this.#plan.clock.now(), pausedSpan));
      case 'malformed':
        return this.#port.publish(topic, { ...message, payload: broken(message.payload) });
      default:
        return this.#port.publish(topic, message);
    }
  }

  /** When the next message that is held back is due. */
  nextDueAt(): EpochMs | undefined {
    return this.#held.reduce<EpochMs | undefined>((first, { dueAt }) => (first === undefined || dueAt < first ? dueAt : first), undefined);
  }

  /** Publishes what is due, in order of its time, and tells how many messages that were. */
  async releaseDue(): Promise<number> {
    const now = this.#plan.clock.now();
    const due = this.#held.filter(({ dueAt }) => dueAt <= now).sort((left, right) => left.dueAt - right.dueAt);
    for (const held of due) {
      await this.#port.publish(held.topic, held.message);
      this.#held = this.#held.filter((other) => other !== held);
    }
    return due.length;
  }

  #hold(topic: string, message: OutgoingMessage, dueAt: EpochMs): { readonly messageId: string } {
    this.#held.push({ topic, message, dueAt });
    return this.#take('held');
  }

  #take(how: string): { readonly messageId: string } {
    this.#taken += 1;
    return { messageId: `${how}-${this.#taken}` };
  }
}

/** At least a millisecond, so that what is published in the same instant overtakes it. */
const reordering = (fault: Fault, drawn: number): DurationMs => {
  const span = fault.span ?? reorderSpan;
  return milliseconds(Math.max(1, Math.floor(drawn * span)));
};
