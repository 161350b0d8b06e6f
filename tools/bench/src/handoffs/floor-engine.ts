import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completionId } from '@handoff/handoff';
import { openEmbeddedEnvironment } from '@handoff/state-embedded';
import { open } from 'lmdb';
import type { DateChain } from './chain.ts';
import { triggerKey, type ChainEvent, type HandoffEngine, type OnTrigger, type OpenEngine } from './engine.ts';

type Change = readonly [key: string, value: object | undefined];

/** Where a floor writes: all changes of a call are one atomic write, durable when it resolves. */
interface Sink {
  write(changes: readonly Change[]): Promise<unknown>;
  count(): number;
  close(): Promise<void>;
}

/** The journal and lmdb that our state and bus stand on, without either. */
export function embeddedSink(folder: string): Sink {
  const environment = openEmbeddedEnvironment(join(folder, 'floor.lmdb'), 'disk');
  const table = environment.table<string, string>({ name: 'floor', keys: 'text', encode: (text) => text, decode: (text) => text });
  return {
    write(changes) {
      const texts = changes.map(([key, value]) => [key, value === undefined ? undefined : JSON.stringify(value)] as const);
      return environment.commit(() => { for (const [key, text] of texts) table.write('', key, text); });
    },
    count: () => table.committedRange().length,
    close: () => environment.close(),
  };
}

/** lmdb as it is meant to be used: asynchronous batches, flushed, of all that was asked for meanwhile. */
export function lmdbSink(folder: string): Sink {
  const root = open<string, string>({ path: join(folder, 'floor.lmdb'), noSubdir: true, encoding: 'string', overlappingSync: false });
  return {
    write: (changes) => root.batch(() => {
      for (const [key, value] of changes) {
        if (value === undefined) void root.remove(key);
        else void root.put(key, JSON.stringify(value));
      }
    }),
    count: () => root.getKeysCount(),
    close: () => root.close(),
  };
}

/** The documents that a chain leaves behind, at the same durability, and no thought given to them: no gate, no schema, no precondition. */
export const openFloor = (openSink: (folder: string) => Sink): OpenEngine => (chains, onTrigger) => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  return Promise.resolve(new FloorEngine(folder, openSink(folder), { chains, onTrigger }));
};

/** The writes of one hand-off, made before the clock starts. */
interface StepWrites {
  readonly key: string;
  /** What each event writes. */
  readonly events: readonly (readonly Change[])[];
  /** After the last: the message, then the release confirmed; and by the receiver a claim, its end, and the message taken. */
  readonly publish: readonly Change[];
  readonly confirm: readonly Change[];
  readonly taken: readonly (readonly Change[])[];
}

function writesOf(chain: DateChain, stepIndex: number): StepWrites {
  const step = chain.steps[stepIndex];
  if (step === undefined) throw new RangeError(`there is no hand-off ${stepIndex}`);
  const all = step.events.map((_, eventIndex): ChainEvent => ({ chain, step, stepIndex, eventIndex }));
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError(`${step.app} waits for nothing`);
  return {
    key: triggerKey(chain, step),
    events: all.map((event) => [...completionDocuments(event), ...(event === first ? [standing(event), deferred(event)] : []), ...(event === last ? [standing(event), release(event, null), outbox(event, false)] : [])]),
    publish: [queued(last, false)],
    confirm: [release(last, `1769256000000-${last.eventIndex}`), outbox(last, true)],
    taken: [[claim(last, 'running')], [claim(last, 'done')], [queued(last, true)]],
  };
}

class FloorEngine implements HandoffEngine {
  readonly #folder: string;
  readonly #sink: Sink;
  readonly #onTrigger: OnTrigger;
  readonly #writes: ReadonlyMap<ChainEvent['step'], StepWrites>;
  readonly #released = new Set<string>();
  readonly #settling = new Set<Promise<unknown>>();

  constructor(folder: string, sink: Sink, { chains, onTrigger }: { readonly chains: readonly DateChain[]; readonly onTrigger: OnTrigger }) {
    this.#folder = folder;
    this.#sink = sink;
    this.#onTrigger = onTrigger;
    this.#writes = new Map(chains.flatMap((chain) => chain.steps.map((step, index) => [step, writesOf(chain, index)] as const)));
  }

  async complete({ step, eventIndex }: ChainEvent): Promise<void> {
    const writes = this.#writes.get(step);
    if (writes === undefined) throw new RangeError(`${step.app} is of no chain of this run`);
    await this.#sink.write(writes.events[eventIndex] ?? []);
    if (eventIndex < step.events.length - 1 || this.#released.has(writes.key)) return;
    this.#released.add(writes.key);
    await this.#sink.write(writes.publish);
    const settling = this.#take(writes);
    this.#settling.add(settling);
    void settling.finally(() => this.#settling.delete(settling));
    await this.#sink.write(writes.confirm);
  }

  async #take({ key, taken: [claimed = [], ...rest] }: StepWrites): Promise<void> {
    await this.#sink.write(claimed);
    this.#onTrigger(key);
    for (const changes of rest) await this.#sink.write(changes);
  }

  async settle(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
  }

  /** Per hand-off a release, a claim, a standing and a deferred look; and its completions. */
  verify(chains: readonly DateChain[]): Promise<void> {
    const expected = chains.reduce((sum, { steps }) => sum + steps.reduce((documents, { events }) => documents + 4 + events.reduce((count, { completions }) => count + completions.length, 0), 0), 0);
    const count = this.#sink.count();
    return count >= expected ? Promise.resolve() : Promise.reject(new RangeError(`${count} of ${expected} documents are there`));
  }

  async close(): Promise<void> {
    await this.#sink.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const now = 1_769_256_000_000;
const handoffOf = ({ chain, step }: ChainEvent): string => `nba_${chain.gameDate}_${step.events[0]?.flow ?? ''}_${step.receiver}`;
const runOf = ({ chain, step, ...event }: ChainEvent): object => ({
  gameDate: chain.gameDate, revision: 1, releaseId: `${handoffOf({ chain, step, ...event })}_r1`, games: gamesOf(step), isDegraded: false, missing: [], upgrades: false, sourceVersionAt: now,
});
const gamesOf = (step: ChainEvent['step']): readonly string[] => [...new Set(step.events.flatMap(({ completions }) => completions.map(({ scope }) => scope)))].filter((scope) => scope !== 'slate');

function completionDocuments(event: ChainEvent): readonly Change[] {
  const { step, eventIndex } = event;
  const message = step.events[eventIndex];
  if (message === undefined) throw new RangeError(`there is no event ${eventIndex}`);
  const { sourceVersionAt, executionId, completions } = message;
  return completions.map((completion) => [`handoff_${handoffOf(event)}_completions/${completionId(completion)}`, { version: 1, value: { sourceVersionAt, recordedAt: now, executionId, ...completion } }]);
}

const standing = (event: ChainEvent): Change => [`handoffs/${handoffOf(event)}`, { version: 1, value: { sport: 'nba', gameDate: event.chain.gameDate, flow: event.step.events[0]?.flow, from: event.step.events[0]?.phase, to: event.step.receiver, verdict: 'release', coverage: 1, coverageMin: 0.8, reasons: [], until: null, revision: 1, decidedAt: now } }];

function deferred(event: ChainEvent): Change {
  const topic = `${event.step.app}-due`;
  const key = `${handoffOf(event)}_due_${now}`;
  const payload = { sport: 'nba', purpose: 'live', app: event.step.app, flow: event.step.events[0]?.flow, to: event.step.receiver, gameDate: event.chain.gameDate, dueAt: now };
  return [`deferred/${topic}|${key}`, { version: 1, value: { topic, message: { key, payload, correlationId: 'bench' }, dueAt: now } }];
}

const release = (event: ChainEvent, messageId: string | null): Change => [`handoff_${handoffOf(event)}_releases/r0001`, {
  version: 1,
  value: {
    run: runOf(event), consumed: Object.fromEntries(event.step.events.flatMap(({ completions }) => completions.map(({ output, scope, contentHash }) => [`${output}|${scope}`, contentHash]))),
    verdict: 'release', coverage: 1, reasons: [], releasedAt: now, messageId,
  },
}];

const triggerMessage = (event: ChainEvent): object => ({ key: `${handoffOf(event)}_r1`, payload: { sport: 'nba', purpose: 'live', triggerId: `${handoffOf(event)}_r1`, phase: event.step.receiver, flow: event.step.events[0]?.flow, runs: [runOf(event)] }, correlationId: 'bench' });
const outbox = (event: ChainEvent, isConfirmed: boolean): Change => [`outbox/${event.step.triggerTopic}|${handoffOf(event)}_r1`, isConfirmed ? undefined : { version: 1, value: { topic: event.step.triggerTopic, message: triggerMessage(event), confirms: [{ collection: `handoff_${handoffOf(event)}_releases`, id: 'r0001' }], writtenAt: now } }];
const queued = (event: ChainEvent, isTaken: boolean): Change => [`queue/${handoffOf(event)}`, isTaken ? undefined : { dueAt: now, subscription: `${event.step.triggerTopic}--${event.step.receiver}`, messageId: `${now}-1`, publishedAt: now, deliveries: 0, message: triggerMessage(event) }];
const claim = (event: ChainEvent, status: string): Change => [`claims_${event.step.receiver}/${event.step.triggerTopic}-${handoffOf(event)}_r1`, { version: 1, value: { status, holder: 'embedded-1', leaseUntil: now, fencing: 1, ...(status === 'done' ? { outcome: 'benchmarked' } : {}) } }];
