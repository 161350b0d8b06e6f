import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedBus } from '@handoff/bus-embedded';
import { completionTopics, subscriptions, topics, transitions, triggerTopics, type FunctionName } from '@handoff/catalogue';
import { VirtualClock } from '@handoff/clock-virtual';
import { after, epochMs, gameDate, hasCode, hashOf, minutes, OfficialGameId, parseInstant, type Completion, type GameDate, type OutputsCompleted } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { SimulatedCrash } from '@handoff/faults';
import { transitionDefinition } from '@handoff/flow-phase-transition';
import { encodePush, hostFunction, type HostedFunction } from '@handoff/function-host';
import { claimsOf, completionsOf, handoffRef, releasesOf, type HandoffDocument, type ReleaseDocument } from '@handoff/handoff-state';
import type { HandoffKey } from '@handoff/handoff';
import { IncidentNotifier } from '@handoff/notifier-state';
import { definition as sweeper } from '@handoff/outbox-sweeper';
import { outboxCollections } from '@handoff/outbox';
import { announceOutputs } from '@handoff/phase-outputs';
import { triggerRoute, type Delivery, type FunctionDefinition, type Log, type MessageBus, type Notifier, type Ports, type StateStore } from '@handoff/ports';
import { addDays, type SlateGame } from '@handoff/slate';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { z } from 'zod';

const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silentLog };
const games = ['0022500641', '0022500642', '0022500643', '0022500645', '0022500646'].map((id) => OfficialGameId.parse(id));
const output = 'nba_raw.bdl_player_boxscores';
const from = 'phase2';
const to = 'phase3';
const flow = 'postgame';
const { app } = transitions.find((transition) => transition.from === from && transition.to === to && transition.flow === flow) ?? raise('the catalogue has no such hand-off');
const concerned = subscriptions.filter(({ topic }) => topic === completionTopics[from] || topic === triggerTopics[to] || topic === completionTopics[to]);
const receiver = (concerned.find(({ topic }) => topic === triggerTopics[to])?.function ?? raise('nothing takes the trigger')) as FunctionName;

/** Far ahead of the clock, so that no gate is due while a trial lasts. */
const firstDate = gameDate('2027-01-01');

function raise(problem: string): never {
  throw new RangeError(problem);
}

/** The stores of a hand-off as one process of it sees them: a spec decorates them with crashes, delays and faults. */
export interface WorldPorts {
  readonly state: StateStore;
  readonly bus: MessageBus;
  readonly notifier: Notifier;
}

export interface Outcome {
  readonly releases: readonly ReleaseDocument[];
  readonly completions: number;
  /** How often the phase behind the hand-off ran to its end. */
  readonly runs: number;
  readonly effects: number;
  /** The messages by which that phase announced itself: repetitions share a key. */
  readonly announcements: ReadonlySet<string>;
  readonly standing: HandoffDocument | undefined;
  readonly outbox: number;
  readonly claims: readonly unknown[];
  readonly deadLetters: number;
}

/**
 * The hand-off from box scores to analytics with real stores, host and flow: five games of one date complete, the
 * next phase runs once. Each trial is a date of its own in one environment.
 */
export class HandoffWorld {
  /** The function that owns the hand-off. */
  readonly transition = app;
  readonly clock = new VirtualClock(parseInstant('2026-01-25T06:00:00Z'));
  readonly #folder = mkdtempSync(join(tmpdir(), 'handoff-world-'));
  readonly #environment: EmbeddedEnvironment = openEmbeddedEnvironment(join(this.#folder, 'state.lmdb'));
  readonly state = new EmbeddedStateStore(this.#environment);
  readonly bus = new EmbeddedBus({ transaction: this.#environment, clock: this.clock, topics, subscriptions: concerned });
  readonly notifier = new IncidentNotifier({ state: this.state });
  #trials = 0;
  #instances = 0;

  /** A new date with five games, which no hand-off knows of yet. */
  async newTrial(): Promise<Trial> {
    this.#trials += 1;
    const date = addDays(firstDate, this.#trials);
    const tipAt = epochMs(this.clock.now() - minutes(360));
    const slate = games.map((officialId) => ({ officialId, gameDate: date, status: 'final', tipAt }) as unknown as SlateGame);
    await this.state.batch([{ kind: 'set', ref: { collection: 'slates', id: date }, value: { games: slate } }]);
    return new Trial(this, date);
  }

  /** Messages that wait in the outbox, and deferred work of the next hour. */
  async waiting(): Promise<number> {
    const soon = after(this.clock.now(), minutes(60));
    const deferred = await this.state.query({ collection: 'deferred', where: [{ field: 'dueAt', operator: '<=', value: soon }] });
    return deferred.length + (await this.unpublished());
  }

  /** Messages that wait in the outbox, of work and of the history. */
  async unpublished(): Promise<number> {
    const found = await Promise.all(outboxCollections.map((collection) => this.state.query({ collection })));
    return found.flat().length;
  }

  nextInstanceId(): string {
    this.#instances += 1;
    return `instance-${this.#instances}`;
  }

  async close(): Promise<void> {
    await this.#environment.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One process with its functions. */
export interface WorldProcess {
  readonly handle: (delivery: Delivery) => Promise<'ack' | 'nack'>;
  readonly sweep: () => Promise<void>;
}

export class Trial {
  readonly date: GameDate;
  readonly #world: HandoffWorld;
  readonly #key: HandoffKey;
  readonly #announcements = new Set<string>();
  #runs = 0;

  constructor(world: HandoffWorld, date: GameDate) {
    this.#world = world;
    this.date = date;
    this.#key = { sport: 'nba', gameDate: date, flow, phase: to };
  }

  /** The completions of some of the five games, by index, as phase 2 tells of them. */
  completed(indexes: readonly number[]): OutputsCompleted {
    const completions = indexes.flatMap((index): Completion[] => {
      const scope = games[index];
      return scope === undefined ? [] : [{ gameDate: this.date, output, scope, contentHash: hashOf(scope), rowCount: 20 }];
    });
    return { sport: 'nba', purpose: 'live', phase: from, flow, executionId: `run-${indexes.join('-')}`, sourceVersionAt: this.#world.clock.now(), completions };
  }

  async publish(message: OutputsCompleted, bus: MessageBus = this.#world.bus): Promise<void> {
    await bus.publish(completionTopics[from], { key: `${this.date}_${message.executionId}`, payload: message, correlationId: this.date });
  }

  /** Starts a process. All that ran before `alone` are known to be gone; without it others may run beside it. */
  start({ state, bus, notifier }: WorldPorts, alone = false): WorldProcess {
    const id = this.#world.nextInstanceId();
    const ports = { state, bus, notifier, clock: this.#world.clock, delays: new StateDelayQueue(state, bus), warehouse: {}, objects: {}, log: silentLog } as unknown as Ports;
    const instance = { id, isGone: (holder: string) => alone && holder !== id };
    const functions = new Map<string, HostedFunction>([
      [app, hostFunction({ definition: transitionDefinition(app), ports, config: {}, instance })],
      [receiver, hostFunction({ definition: this.#analytics(), ports, config: {}, instance })],
    ]);
    const sweeping = hostFunction({ definition: sweeper as FunctionDefinition<object>, ports, config: {}, instance });
    return {
      handle: async (delivery) => {
        const hosted = functions.get(delivery.subscription.slice(delivery.subscription.indexOf('--') + 2));
        if (hosted === undefined) {
          if (delivery.subscription.startsWith(completionTopics[to]) && delivery.message.correlationId === this.date) this.#announcements.add(delivery.message.key);
          return 'ack';
        }
        return (await hosted({ method: 'POST', path: '/', headers: {}, body: encodePush(delivery) })).status < 300 ? 'ack' : 'nack';
      },
      sweep: async () => { await sweeping({ method: 'POST', path: '/', headers: {}, body: { job: sweeper.name, scheduledAt: this.#world.clock.now() } }); },
    };
  }

  /** Stands for the processors of phase 3: what they write has a key, so that writing it again changes nothing. */
  #analytics(): FunctionDefinition<object> {
    return {
      name: receiver,
      config: z.object({}),
      routes: [triggerRoute(triggerTopics[to], async (trigger, context) => {
        for (const run of trigger.runs) {
          try {
            await context.ports.state.create({ collection: `effects_${run.gameDate}`, id: run.releaseId }, { games: run.games });
          } catch (error) {
            if (!hasCode(error, 'state-already-exists')) throw error;
          }
        }
        const completions = trigger.runs.flatMap((run) => run.games.map((game): Completion => ({ gameDate: run.gameDate, output: 'nba_analytics.player_game_summary', scope: game, contentHash: hashOf(game), rowCount: 20 })));
        await announceOutputs({ ...trigger, phase: to, sourceVersionAt: this.#world.clock.now() }, completions, context);
        this.#runs += 1;
        return { outcome: 'processed' };
      })],
    };
  }

  /** Delivers, one message at a time, and sweeps once a minute, until nothing is left. @throws SimulatedCrash where the process dies. */
  async live(process: WorldProcess, isDead: () => boolean = () => false): Promise<void> {
    const { bus, clock } = this.#world;
    for (let minute = 0; minute < 60; minute += 1) {
      const deliver = async (delivery: Delivery): Promise<'ack' | 'nack'> => {
        const verdict = await process.handle(delivery);
        if (isDead()) throw new SimulatedCrash('dead');
        return verdict;
      };
      while (await bus.deliverNext(deliver));
      clock.moveTo(after(clock.now(), minutes(1)));
      await process.sweep();
      if (isDead()) throw new SimulatedCrash('dead');
      if (bus.depth() === 0 && (await this.#world.waiting()) === 0) return;
    }
    throw new Error(`${this.date}: messages are still on their way after an hour`);
  }

  async outcome(): Promise<Outcome> {
    const { state, bus } = this.#world;
    const releases = await state.query<ReleaseDocument>({ collection: releasesOf(this.#key) });
    return {
      releases: releases.map(({ value }) => value),
      completions: (await state.query({ collection: completionsOf(this.#key) })).length,
      runs: this.#runs,
      effects: (await state.query({ collection: `effects_${this.date}` })).length,
      announcements: this.#announcements,
      standing: (await state.get<HandoffDocument>(handoffRef(this.#key)))?.value,
      outbox: await this.#world.unpublished(),
      claims: (await state.query({ collection: claimsOf(receiver) })).filter(({ ref }) => ref.id.includes(this.date)).map(({ value }) => value['status']),
      deadLetters: bus.deadLetters().length,
    };
  }
}
