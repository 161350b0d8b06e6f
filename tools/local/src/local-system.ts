import type { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import { after, before, days, epochMs, milliseconds, PipelineError, type EpochMs } from '@handoff/contracts';
import { encodePush, type HostResponse } from '@handoff/function-host';
import type { Delivery, HttpSource, Log, ScheduledFiring, Scheduler } from '@handoff/ports';
import { CronScheduler } from '@handoff/scheduler-cron';
import { jobs, subscriptions, type JobName } from '@handoff/catalogue';
import { hostableFunctions } from './hostable-functions.ts';
import { FunctionServers } from './function-servers.ts';
import { TableSink } from './table-sink.ts';

/** What happened: a function was called, by a job or by a message, and what it answered. */
export interface LocalEvent {
  readonly at: EpochMs;
  readonly function: string;
  readonly trigger: 'job' | 'message';
  readonly delivery: Delivery | undefined;
  readonly response: HostResponse;
}

export interface LocalSystemOptions {
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly sources: HttpSource;
  readonly log: Log;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly detached?: ReadonlySet<string>;
  readonly onEvent?: (event: LocalEvent) => void;
  /** Called whenever the clock has moved and nothing is in hand: a moment from which a new process can go on. */
  readonly onQuiet?: (now: EpochMs) => void;
}

const sweeper = 'outbox-sweeper' satisfies JobName;

/** What the embedded stores say when the disk is full. */
const fullCodes: ReadonlySet<string> = new Set(['state-full', 'warehouse-full', 'objects-full']);

const wholeMinute = (at: EpochMs): EpochMs => epochMs(Math.ceil(at / 60_000) * 60_000);

const functionOf = new Map(subscriptions.map((subscription) => [subscription.name, subscription.function]));

/**
 * The whole system in one process on a virtual clock: jobs fire and messages are delivered in order of time,
 * each as an HTTP call to its function, one at a time.
 */
export class LocalSystem {
  readonly #options: LocalSystemOptions;
  readonly #system: EmbeddedSystem;
  readonly #servers: FunctionServers;
  readonly #scheduler: Scheduler = new CronScheduler(jobs.filter(({ name }) => name !== sweeper));
  readonly #sink: TableSink;
  /** Deliveries into tables that are not settled yet. */
  #gathered: Promise<boolean>[] = [];
  #sweepAt: EpochMs | undefined;
  #firings: ScheduledFiring[] = [];
  #firingsUntil: EpochMs;

  private constructor(options: LocalSystemOptions, system: EmbeddedSystem, servers: FunctionServers) {
    this.#options = options;
    this.#system = system;
    this.#servers = servers;
    this.#sink = new TableSink(system.ports.warehouse);
    // What fires at the very start counts; a process that goes on from here has its repetition dropped by the claim.
    this.#firingsUntil = before(options.clock.now(), milliseconds(1));
  }

  static async open(options: LocalSystemOptions): Promise<LocalSystem> {
    const system = await openEmbedded(options);
    const { ports, instance } = system;
    const servers = await FunctionServers.start({ functions: hostableFunctions, ports, instance, environment: options.environment });
    return new LocalSystem(options, system, servers);
  }

  get system(): EmbeddedSystem {
    return this.#system;
  }

  calls(): ReadonlyMap<string, number> {
    return this.#servers.calls();
  }

  /** Delivers messages until none is due at the present time, and tells how many there were. */
  async settle(): Promise<number> {
    let delivered = 0;
    while (await this.#deliverOne()) delivered += 1;
    return delivered;
  }

  /** What goes into a table is not waited for: it is gathered, and written together. */
  async #deliverOne(): Promise<boolean> {
    const gathered: Delivery[] = [];
    const outcome = this.#system.bus.deliverNext((delivery) => {
      if (!this.#sink.takes(delivery)) return this.#deliver(delivery);
      gathered.push(delivery);
      return this.#sink.take(delivery);
    });
    if (gathered.length === 0) return outcome;
    this.#gathered.push(outcome);
    if (this.#sink.isFull) await this.#writeTables();
    return true;
  }

  async #writeTables(): Promise<void> {
    await this.#sink.flush();
    await Promise.all(this.#gathered.splice(0));
  }

  /** Lives through the time up to and including `until`: jobs and messages, in order. */
  async runUntil(until: EpochMs): Promise<void> {
    const { clock } = this.#options;
    await this.settle();
    for (let next = await this.#nextAt(until); next !== undefined; next = await this.#nextAt(until)) {
      if (next > clock.now()) clock.moveTo(next);
      for (const firing of this.#takeFirings(next)) await this.#fire(firing);
      if (this.#sweepAt === next) await this.#fire({ job: sweeper, at: next });
      await this.settle();
      this.#options.onQuiet?.(clock.now());
    }
    if (until > clock.now()) clock.moveTo(until);
    await this.#writeTables();
    this.#options.onQuiet?.(clock.now());
  }

  async close(): Promise<void> {
    await this.#writeTables();
    await this.#servers.close();
    await this.#system.close();
  }

  async #deliver(delivery: Delivery): Promise<'ack' | 'nack'> {
    const name = functionOf.get(delivery.subscription) ?? delivery.subscription;
    const response = await this.#servers.call(name, encodePush(delivery));
    this.#options.onEvent?.({ at: this.#options.clock.now(), function: name, trigger: 'message', delivery, response });
    this.#stopWhenFull(response);
    return response.status < 300 ? 'ack' : 'nack';
  }

  async #fire({ job, at }: ScheduledFiring): Promise<void> {
    const response = await this.#servers.call(job, { job, scheduledAt: at });
    this.#options.onEvent?.({ at, function: job, trigger: 'job', delivery: undefined, response });
    this.#stopWhenFull(response);
  }

  /** In the cloud a full store is waited for; here it is the user's disk, and time that goes on would only miss games. */
  #stopWhenFull({ body }: HostResponse): void {
    if (!fullCodes.has(String(body['code']))) return;
    const { folder } = this.#options;
    throw new PipelineError({ code: 'folder-full', disposition: 'defer', message: `no space left for ${folder}: free some and run the same again, it goes on from here; or choose another folder with --dir`, facts: { folder } });
  }

  /**
   * The minute of the next sweep that has something to sweep. The others of a day's 1,440 would say nothing,
   * and are not made (docs/adr/0011-quiet-ticks.md).
   */
  async #nextSweepAt(): Promise<EpochMs | undefined> {
    const { state, clock } = this.#system.ports;
    const [pending] = await state.query({ collection: 'outbox', limit: 1 });
    if (pending !== undefined) return wholeMinute(after(clock.now(), milliseconds(1)));
    const [due] = await state.query<{ dueAt: EpochMs }>({ collection: 'deferred', orderBy: { field: 'dueAt', direction: 'asc' }, limit: 1 });
    if (due === undefined) return undefined;
    return wholeMinute(due.value.dueAt > clock.now() ? due.value.dueAt : after(clock.now(), milliseconds(1)));
  }

  async #nextAt(until: EpochMs): Promise<EpochMs | undefined> {
    this.#planFirings(until);
    this.#sweepAt = await this.#nextSweepAt();
    const times = [this.#firings[0]?.at, this.#system.bus.nextDueAt(), this.#sweepAt].filter((at): at is EpochMs => at !== undefined && at <= until);
    return times.length === 0 ? undefined : times.reduce((first, at) => (at < first ? at : first));
  }

  #planFirings(until: EpochMs): void {
    while (this.#firings.length === 0 && this.#firingsUntil < until) {
      const end = after(this.#firingsUntil, days(1));
      this.#firings = [...this.#scheduler.firingsBetween(this.#firingsUntil, end)];
      this.#firingsUntil = end;
    }
  }

  #takeFirings(now: EpochMs): ScheduledFiring[] {
    const due = this.#firings.filter(({ at }) => at <= now);
    this.#firings = this.#firings.slice(due.length);
    return due;
  }
}
