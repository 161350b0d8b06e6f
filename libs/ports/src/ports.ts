import type { Clock, Random } from './clock.ts';
import type { HttpSource } from './http-source.ts';
import type { DelayQueue, MessageBus } from './message-bus.ts';
import type { Notifier } from './notifier.ts';
import type { ObjectStore } from './object-store.ts';
import type { StateStore } from './state-store.ts';
import type { Warehouse } from './warehouse.ts';

/** Everything that a flow may touch besides its arguments. Built once per process by a composition. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly warehouse: Warehouse;
  readonly state: StateStore;
  readonly bus: MessageBus;
  readonly delays: DelayQueue;
  readonly objects: ObjectStore;
  readonly sources: HttpSource;
  readonly notifier: Notifier;
  readonly log: Log;
}

/** Structured logging: a constant message, values in fields. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log whose every line carries these fields besides. */
  child(fields: LogFields): Log;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** What a flow is given beside its input: the ports, and whose work this is. */
export interface FlowContext {
  readonly ports: Ports;
  readonly log: Log;
  /** Survives all phases: set where a chain of work begins. */
  readonly correlationId: string;
}

/** What a flow says it did: logged, and told to the caller. Facts only; no outcome stands for an error. */
export interface FlowReport {
  /** Kebab-case: `released`, `unchanged`, `no-games` ... */
  readonly outcome: string;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}
