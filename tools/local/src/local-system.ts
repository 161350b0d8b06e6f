import { intervalOf, jobs, watchdog, type JobName } from '@handoff/catalogue';
import type { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import { after, before, days, epochMs, milliseconds, minutes, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { HostResponse } from '@handoff/function-host';
import { lateLogRows } from '@handoff/log-rows';
import type { IncidentNotifier } from '@handoff/notifier-state';
import { outboxCollections } from '@handoff/outbox';
import { openBatches } from '@handoff/prediction-batches';
import type { Delivery, HttpSource, Log, Ports, ScheduledFiring, Scheduler } from '@handoff/ports';
import { CronScheduler } from '@handoff/scheduler-cron';
import { dueJobs, DueJobs } from './due-jobs.ts';
import { EmbeddedCarrier } from './embedded-carrier.ts';
import { FiringRetries, type MadeFiring } from './firing-retries.ts';
import type { FunctionCaller } from './function-caller.ts';
import { FunctionServers } from './function-servers.ts';
import { hostableFunctions } from './hostable-functions.ts';
import type { MessageCarrier } from './message-carrier.ts';
import { stopWhenFull } from './stop-when-full.ts';
import { TableSink } from './table-sink.ts';
import { firingFrom, idleRoundMinutes, WatchRounds } from './watch-rounds.ts';

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
  /** What stands between the catalogue's schedule and its firings. */
  readonly around?: (scheduler: Scheduler) => Scheduler;
  /**
   * From when on, beginning with an instant, the watchdog is called at each firing of its job; absent, or undefined of a time:
   * once an hour (docs/adr/0031-rounds-that-would-see-nothing.md).
   */
  readonly watchFrom?: (instant: EpochMs) => EpochMs | undefined;
  /** Told of each round of the watchdog that is made, or not: false where its job did not fire or it gave no good answer. */
  readonly onRound?: (at: EpochMs, isWell: boolean) => Promise<void>;
  /** Called whenever the clock has moved and nothing is in hand: a moment from which a new process can go on. */
  readonly onQuiet?: (now: EpochMs) => void;
}

const sweeper = 'outbox-sweeper' satisfies JobName;
const batchCheck = 'phase5-predict-coordinator' satisfies JobName;

/** Jobs that are called only where they find something, in the order in which they are. */
const quietJobs: readonly JobName[] = [sweeper, batchCheck, ...dueJobs, watchdog];

const intervals: ReadonlyMap<JobName, DurationMs> = new Map(jobs.map((job) => [job.name, intervalOf(job)]));
const minutesBetween = (job: JobName): number => (intervals.get(job) ?? minutes(1)) / 60_000;

/** When a quiet job fired last by its schedule, or fires now. */
const newestFiring = (job: JobName, now: EpochMs): EpochMs => epochMs(now - (now % minutes(minutesBetween(job))));

/** What functions are told of running here. */
export const localEnvironment = { WATCH_INTERVAL_MINUTES: String(idleRoundMinutes) } as const;

/** A quiet job's schedule, which is asked for one firing at a time: that one. */
const everyTimeAsked = (job: JobName): Scheduler => ({ firingsBetween: (_, until) => [{ job, at: until }] });

/** What every profile of the local runner has. */
export interface OpenProfile {
  readonly ports: Ports;
  readonly notifier: IncidentNotifier;
}

/** What a profile is made of once it is open. */
export interface LocalSystemParts<Profile extends OpenProfile> {
  readonly profile: Profile;
  readonly functions: FunctionCaller;
  readonly carrier: MessageCarrier;
  /** Told of every answer to a job; what it throws ends the run. */
  readonly answered?: (response: HostResponse) => void;
  close(): Promise<void>;
}

/**
 * The whole system on this machine on a virtual clock: in order of time jobs fire and messages are delivered, each as
 * an HTTP call to its function, and the clock stands still while anything is in hand.
 */
export class LocalSystem<Profile extends OpenProfile = EmbeddedSystem> {
  readonly #options: LocalSystemOptions;
  readonly #parts: LocalSystemParts<Profile>;
  readonly #scheduler: Scheduler;
  readonly #quiet: ReadonlyMap<JobName, Scheduler>;
  readonly #due: DueJobs;
  readonly #firedAt = new Map<JobName, EpochMs>();
  #quietAt: ReadonlyMap<JobName, EpochMs> = new Map();
  readonly #rounds: WatchRounds;
  #roundAt: EpochMs | undefined;
  #firings: ScheduledFiring[] = [];
  readonly #retries = new FiringRetries(jobs);
  #firingsUntil: EpochMs;

  constructor(options: LocalSystemOptions, parts: LocalSystemParts<Profile>) {
    this.#options = options;
    this.#parts = parts;
    const around = options.around ?? ((scheduler: Scheduler) => scheduler);
    this.#scheduler = around(new CronScheduler(jobs.filter(({ name }) => !quietJobs.includes(name))));
    this.#due = new DueJobs(parts.profile.ports.state);
    this.#quiet = new Map(quietJobs.map((job) => [job, around(everyTimeAsked(job))]));
    // What fires at the very start counts; a process that goes on from here has its repetition dropped by the claim.
    this.#firingsUntil = before(options.clock.now(), milliseconds(1));
    this.#rounds = new WatchRounds({ lastAt: options.clock.now(), everyMinutes: minutesBetween(watchdog), watchFrom: options.watchFrom ?? (() => undefined) });
  }

  /** Opens the embedded profile: one process, which makes one call at a time. */
  static async open(options: LocalSystemOptions): Promise<LocalSystem> {
    const profile = await openEmbedded(options);
    const { ports, instance, bus } = profile;
    const servers = await FunctionServers.start({ functions: hostableFunctions, ports, instance, environment: { ...localEnvironment, ...options.environment } });
    const carrier = new EmbeddedCarrier({
      bus,
      functions: servers,
      sink: new TableSink(ports.warehouse),
      delivered: (name, delivery, response) => {
        options.onEvent?.({ at: options.clock.now(), function: name, trigger: 'message', delivery, response });
        stopWhenFull(options.folder, response);
      },
    });
    const close = async (): Promise<void> => {
      await carrier.writeTables();
      await servers.close();
      await profile.close();
    };
    return new LocalSystem(options, { profile, functions: servers, carrier, close, answered: (response) => { stopWhenFull(options.folder, response); } });
  }

  get system(): Profile {
    return this.#parts.profile;
  }

  calls(): ReadonlyMap<string, number> {
    return this.#parts.functions.calls();
  }

  /** Delivers messages until none is due at the present time, and tells how many there were. */
  settle(): Promise<number> {
    return this.#parts.carrier.settle();
  }

  /** Calls a job's function now, as people do. */
  async fire(job: JobName): Promise<void> {
    await this.#fire(firstOf({ job, at: this.#options.clock.now() }));
  }

  /** Lives through the time up to and including `until`: jobs and messages, in order. */
  async runUntil(until: EpochMs): Promise<void> {
    const { clock } = this.#options;
    await this.settle();
    for (let next = await this.#nextAt(until); next !== undefined; next = await this.#nextAt(until)) {
      if (next > clock.now()) clock.moveTo(next);
      for (const firing of this.#takeFirings(next)) this.#retries.note(firing, (await this.#fire(firing)).status, clock.now());
      await this.#fireQuiet(next);
      await this.settle();
      this.#tellQuiet();
    }
    if (until > clock.now()) clock.moveTo(until);
    await this.#parts.carrier.writeTables();
    this.#tellQuiet();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  /** Not while a firing waits to be made again: another process would know nothing of it. */
  #tellQuiet(): void {
    if (!this.#retries.isAnyWaiting) this.#options.onQuiet?.(this.#options.clock.now());
  }

  async #fire({ job, at, scheduledAt }: MadeFiring): Promise<HostResponse> {
    const response = await this.#parts.functions.call(job, { job, scheduledAt });
    this.#options.onEvent?.({ at, function: job, trigger: 'job', delivery: undefined, response });
    this.#parts.answered?.(response);
    return response;
  }

  async #fireQuiet(now: EpochMs): Promise<void> {
    // The watchdog looks at what the others have left: those whose firings were not made before are fired with it.
    const isRound = this.#roundAt === now;
    for (const job of quietJobs) {
      if (job === watchdog) continue;
      if (this.#quietAt.get(job) === now || (isRound && this.#firedBefore(job) < newestFiring(job, now))) await this.#fireQuietly(job, now);
    }
    if (!isRound) return;
    this.#rounds.made(now);
    const answers = await this.#fireDue(watchdog, now);
    await this.#options.onRound?.(now, answers.some(({ status }) => status === 200));
  }

  #firedBefore(job: JobName): number {
    return this.#firedAt.get(job) ?? Number.NEGATIVE_INFINITY;
  }

  /** One that finds its work done runs beside everything else: where calls are slow it holds nobody up. */
  async #fireQuietly(job: JobName, now: EpochMs): Promise<void> {
    const { clock } = this.#options;
    const fire = async (): Promise<void> => { await this.#fireDue(job, now); };
    await (this.#due.isDone(job, clock.now()) ? clock.beside(fire) : fire());
  }

  async #fireDue(job: JobName, now: EpochMs): Promise<readonly HostResponse[]> {
    this.#firedAt.set(job, now);
    const answers: HostResponse[] = [];
    for (const { at, ...firing } of this.#quiet.get(job)?.firingsBetween(before(now, milliseconds(1)), now) ?? []) {
      const isDue = dueJobs.includes(job);
      const made: MadeFiring = { ...firing, at: now, scheduledAt: isDue ? newestFiring(job, now) : now, retries: 0 };
      if (at > now && isDue) this.#retries.hold({ ...made, at });
      // Of a job that fires every few minutes one that comes late is as good as its next.
      else answers.push(await this.#fire(made));
    }
    return answers;
  }

  /**
   * When each quiet job next has something to do. Its other firings, a sweeper's 1,440 a day, would say nothing, and
   * are not made (docs/adr/0011-quiet-ticks.md).
   */
  async #nextQuiet(): Promise<ReadonlyMap<JobName, EpochMs>> {
    const due = await this.#due.nextOf(this.#parts.profile.ports.clock.now(), this.#soon());
    const wanted = new Map<JobName, EpochMs | undefined>([[sweeper, await this.#sweepFrom()], [batchCheck, (await this.#holdsAny([openBatches])) ? this.#soon() : undefined], ...due]);
    return new Map([...wanted].flatMap(([job, from]): [JobName, EpochMs][] => (from === undefined ? [] : [[job, firingFrom(from, minutesBetween(job))]])));
  }

  #soon(): EpochMs {
    return after(this.#parts.profile.ports.clock.now(), milliseconds(1));
  }

  async #holdsAny(collections: readonly string[]): Promise<boolean> {
    for (const collection of collections) if ((await this.#parts.profile.ports.state.query({ collection, limit: 1 })).length > 0) return true;
    return false;
  }

  /** From when on there is something to sweep. */
  async #sweepFrom(): Promise<EpochMs | undefined> {
    if (await this.#holdsAny([...outboxCollections, lateLogRows])) return this.#soon();
    const { state, clock } = this.#parts.profile.ports;
    const [due] = await state.query<{ dueAt: EpochMs }>({ collection: 'deferred', orderBy: { field: 'dueAt', direction: 'asc' }, limit: 1 });
    if (due === undefined) return undefined;
    return due.value.dueAt > clock.now() ? due.value.dueAt : this.#soon();
  }

  async #nextAt(until: EpochMs): Promise<EpochMs | undefined> {
    this.#planFirings(until);
    this.#quietAt = await this.#nextQuiet();
    this.#roundAt = this.#rounds.nextAt(this.#soon());
    const times = [this.#firings[0]?.at, this.#retries.nextAt(), this.#parts.carrier.nextDueAt(), this.#roundAt, ...this.#quietAt.values()].filter((at): at is EpochMs => at !== undefined && at <= until);
    return times.length === 0 ? undefined : times.reduce((first, at) => (at < first ? at : first));
  }

  #planFirings(until: EpochMs): void {
    while (this.#firingsUntil < until && (this.#firings[0]?.at ?? until) >= this.#firingsUntil) {
      const end = after(this.#firingsUntil, days(1));
      const planned = [...this.#firings, ...this.#scheduler.firingsBetween(this.#firingsUntil, end)];
      this.#firings = planned.sort((left, right) => left.at - right.at);
      this.#firingsUntil = end;
    }
  }

  #takeFirings(now: EpochMs): readonly MadeFiring[] {
    const due = this.#firings.filter(({ at }) => at <= now);
    this.#firings = this.#firings.slice(due.length);
    return [...due.map(firstOf), ...this.#retries.take(now)];
  }
}

const firstOf = (firing: ScheduledFiring): MadeFiring => ({ ...firing, scheduledAt: firing.at, retries: 0 });
