import { performance } from 'node:perf_hooks';
import type { DateChain } from './chain.ts';
import { triggerKey, type ChainEvent, type HandoffEngine, type OpenEngine } from './engine.ts';

/** What one engine did with the chains. */
export interface EngineFigures {
  readonly handoffs: number;
  readonly events: number;
  readonly seconds: number;
  /** What the process computed meanwhile, all its threads; where there is a server, without it. */
  readonly cpuSeconds: number;
  /** From the call with the last completion to the moment at which the receiver owns the trigger, one date at a time. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The most memory that the process held, the runtime included; where there is a server, without it. */
  readonly peakMiB: number;
}

export interface DriveOptions {
  readonly open: OpenEngine;
  /** All of the run: those under load, then those that are handed off one at a time. */
  readonly chains: readonly DateChain[];
  readonly chainsUnderLoad: number;
  /** Dates that are worked on at once. */
  readonly inFlight: number;
}

/** Every tenth event comes twice: in turn together with itself, as when two instances get it, and again after its hand-off. */
const duplicateEvery = 10;

/** So long a chain waits for a trigger before the run fails: a gate that does not open would otherwise end it in silence. */
const patienceMs = 60_000;

/** Runs chains through an engine, first many at once, then one at a time, and makes sure that each hand-off happened once. */
export async function drive({ open, chains, chainsUnderLoad, inFlight }: DriveOptions): Promise<EngineFigures> {
  const triggers = new Triggers();
  const engine = await open(chains, (key) => { triggers.taken(key); });
  const runner = new ChainRunner(engine, triggers);
  const [loaded, single] = [chains.slice(0, chainsUnderLoad), chains.slice(chainsUnderLoad)];
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const waiting = loaded.values();
  await Promise.all(Array.from({ length: inFlight }, async () => { for (const chain of waiting) await runner.run(chain); }));
  await engine.settle();
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const events = runner.events;
  const latencies: number[] = [];
  for (const chain of single) latencies.push(...(await runner.run(chain)));
  await engine.settle();
  const peakMiB = process.resourceUsage().maxRSS / 1_024;
  triggers.verify(chains);
  await engine.verify(chains);
  await engine.close();
  latencies.sort((left, right) => left - right);
  const percentile = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { handoffs: loaded.length * 5, events, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, p50Ms: percentile(0.5), p95Ms: percentile(0.95), peakMiB };
}

class ChainRunner {
  readonly #engine: HandoffEngine;
  readonly #triggers: Triggers;
  events = 0;

  constructor(engine: HandoffEngine, triggers: Triggers) {
    this.#engine = engine;
    this.#triggers = triggers;
  }

  /** Milliseconds from last completion to trigger, of each hand-off of the date. */
  async run(chain: DateChain): Promise<readonly number[]> {
    const latencies: number[] = [];
    for (const [stepIndex, step] of chain.steps.entries()) {
      const events = step.events.map((_, eventIndex): ChainEvent => ({ chain, step, stepIndex, eventIndex }));
      const late: ChainEvent[] = [];
      const taken = this.#triggers.next(triggerKey(chain, step));
      let lastCalledAt = 0;
      for (const event of events) {
        lastCalledAt = performance.now();
        const number = this.events++;
        const calls = [this.#engine.complete(event)];
        if (number % (2 * duplicateEvery) === 0) calls.push(this.#engine.complete(event));
        if (number % (2 * duplicateEvery) === duplicateEvery) late.push(event);
        await Promise.all(calls);
      }
      latencies.push((await taken) - lastCalledAt);
      for (const event of late) await this.#engine.complete(event);
    }
    return latencies;
  }
}

/** Who waits for which trigger, and how often each came. */
class Triggers {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, (takenAt: number) => void>();

  taken(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#waiting.get(key)?.(performance.now());
    this.#waiting.delete(key);
  }

  next(key: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => { reject(new RangeError(`no trigger of ${key} within ${patienceMs / 1_000} s`)); }, patienceMs);
      this.#waiting.set(key, (takenAt) => {
        clearTimeout(patience);
        resolve(takenAt);
      });
    });
  }

  verify(chains: readonly DateChain[]): void {
    const keys = chains.flatMap((chain) => chain.steps.map((step) => triggerKey(chain, step)));
    const wrong = keys.filter((key) => this.#counts.get(key) !== 1);
    if (wrong.length > 0 || this.#counts.size !== keys.length) throw new RangeError(`${this.#counts.size} of ${keys.length} triggers came, ${wrong.length} of them not once, as ${wrong[0] ?? 'none'}`);
  }
}
