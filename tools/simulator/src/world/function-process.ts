import { CrashPoints, crashingBus, crashingState, isAbout, onlyWhileAlive, SimulatedCrash, spendOn, type CrashPoint, type Fault, type FaultKind, type FaultPlan } from '@handoff/faults';
import { minutes } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import type { HostableFunction, HostedFunction, HostResponse } from '@handoff/function-host';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { NoticeChannel, Ports, Warehouse } from '@handoff/ports';
import { z } from 'zod';

export interface FunctionProcessOptions {
  readonly hostable: HostableFunction;
  /** What every function shares, faults included; this process adds its own death. */
  readonly ports: Ports;
  readonly plan: FaultPlan;
  /** To people. What a process remembers of what it has told dies with it. */
  readonly channels?: readonly NoticeChannel[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the platform answers while a fault stands between the caller and the function. */
const platformAnswers: Readonly<Partial<Record<FaultKind, HostResponse>>> = {
  unavailable: { status: 503, body: { outcome: 'unavailable' } },
  error: { status: 500, body: { outcome: 'failed' } },
  'permission-denied': { status: 403, body: { outcome: 'forbidden' } },
  'wrong-revision': { status: 404, body: { outcome: 'not-found' } },
  'missing-config': { status: 503, body: { outcome: 'not-started' } },
};
const platformKinds = Object.keys(platformAnswers) as FaultKind[];

const killed: HostResponse = { status: 500, body: { outcome: 'killed' } };
/** Deployed functions are cut off after nine minutes: the longest that an event-driven one may take. */
export const cutOffSpan = minutes(9);
const cutOff: HostResponse = { status: 504, body: { outcome: 'cut-off' } };
/** The greatest number of steps that a process lives on when its memory runs out. */
const stepsMax = 6;

const Push = z.looseObject({ message: z.looseObject({ data: z.string() }) });

/** What a call is about: the payload of a message is packed. */
function workIn(body: unknown): unknown {
  const push = Push.safeParse(body);
  return push.success ? [body, Buffer.from(push.data.message.data, 'base64').toString('utf8')] : body;
}

/** One deployed function: its instance may die, and is followed by another one over the same stores. */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  readonly #target: string;
  readonly #points: CrashPoints;
  #hosted: HostedFunction;
  #instances = 1;
  /** What the process is working on: a fault may be about some work only. */
  #body: unknown;
  /** Steps that are left to a process whose memory runs out. */
  #stepsLeft = Infinity;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    this.#target = `function:${options.hostable.name}`;
    this.#points = new CrashPoints((point) => this.#dies(point));
    this.#hosted = this.#start();
  }

  async call(body: unknown): Promise<HostResponse> {
    const { plan } = this.#options;
    const call = { targets: [this.#target], fits: (fault: Fault) => isAbout(fault, workIn(body)) };
    const refusal = plan.strike({ ...call, targets: [this.#target, 'config'], kinds: platformKinds });
    if (refusal !== undefined) return platformAnswers[refusal.kind] ?? killed;
    const slow = plan.strike({ ...call, kinds: ['latency'] });
    if (slow !== undefined) spendOn(plan, slow);
    this.#body = body;
    this.#stepsLeft = plan.strike({ ...call, kinds: ['out-of-memory'] }) === undefined ? Infinity : 1 + Math.floor(plan.random.next() * stepsMax);
    const response = await this.#work(body);
    const late = plan.strike({ ...call, kinds: ['timeout'] });
    if (late === undefined) return response;
    plan.spend(late.span ?? cutOffSpan);
    return cutOff;
  }

  async #work(body: unknown): Promise<HostResponse> {
    try {
      const response = await this.#points.around(() => this.#hosted({ method: 'POST', path: '/', headers: {}, body }));
      if (!this.#points.isDead) return response;
    } catch (error) {
      // What the dead throw has no caller any more; a live process never throws.
      if (!(error instanceof SimulatedCrash) && !this.#points.isDead) throw error;
    }
    this.#points.restart();
    this.#instances += 1;
    this.#hosted = this.#start();
    return killed;
  }

  #dies(point: CrashPoint): boolean {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft <= 0 || (point === 'after-work' && this.#stepsLeft < Infinity)) return true;
    return this.#options.plan.strike({ targets: [this.#target], kinds: ['crash'], fits: (fault) => fault.point === point && isAbout(fault, workIn(this.#body)) }) !== undefined;
  }

  /** An instance does not know what became of the one before it: it waits for the end of its leases, as in the cloud. */
  #start(): HostedFunction {
    const { hostable, ports, environment, channels } = this.#options;
    const points = this.#points;
    const state = crashingState(ports.state, points);
    const bus = crashingBus(ports.bus, points);
    const mortal: Ports = {
      ...ports, state, bus,
      delays: new StateDelayQueue(state, bus),
      warehouse: onlyWhileAlive(this.#forgetful(ports.warehouse), ['query', 'execute', 'merge', 'streamedRows'], points),
      objects: onlyWhileAlive(ports.objects, ['put', 'get', 'list', 'delete'], points),
      sources: onlyWhileAlive(ports.sources, ['fetch'], points),
      notifier: onlyWhileAlive(new IncidentNotifier({ state: ports.state, objects: ports.objects, channels: channels ?? [], log: ports.log }), ['alert', 'resolve', 'review'], points),
    };
    return hostable.host({ ports: mortal, environment, instance: { id: `${hostable.name}-${this.#instances}`, isGone: () => false } });
  }

  /** A warehouse in which no player has ever played, as far as this function can see, while `defaults-replace-features` lasts. */
  #forgetful(warehouse: Warehouse): Warehouse {
    const { plan } = this.#options;
    if (!plan.faults.some(({ target, kind }) => target === this.#target && kind === 'defaults-replace-features')) return warehouse;
    return {
      execute: (statement, parameters) => warehouse.execute(statement, parameters),
      merge: (request) => warehouse.merge(request),
      streamedRows: (table) => warehouse.streamedRows(table),
      counters: () => warehouse.counters(),
      query: async (statement, parameters) => {
        const rows = await warehouse.query<never>(statement, parameters);
        if (!statement.text.includes('`nba_analytics.player_game_summary`')) return rows;
        return plan.strike({ targets: [this.#target], kinds: ['defaults-replace-features'], fits: (fault) => isAbout(fault, workIn(this.#body)) }) === undefined ? rows : [];
      },
    };
  }
}
