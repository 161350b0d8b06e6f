import type { EpochMs, Flow, GameDate, Phase } from '@handoff/contracts';
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
  /** Runs that came to their end with this work: they go into the pipeline's history. */
  readonly ended?: readonly RunRecord[];
}

/** A phase run, or the making of one of its outputs, that has come to its end. */
export interface RunRecord {
  readonly kind: 'phase-run' | 'processor-run';
  /** The release of a phase run; of a processor's, the release and the output. One run, one id, however often it is told. */
  readonly runId: string;
  /** The phase, or the output that was made. */
  readonly name: string;
  readonly phase: Phase;
  readonly flow: Flow;
  readonly gameDate: GameDate;
  /** null for what is not released: phase 2. */
  readonly revision: number | null;
  /** `superseded`: a later revision had written already, so nothing was. */
  readonly status: 'complete' | 'degraded' | 'failed' | 'superseded';
  readonly startedAt: EpochMs;
  readonly games: number;
  readonly rows: number;
  readonly metadata?: Readonly<Record<string, string | number | readonly string[]>>;
}
