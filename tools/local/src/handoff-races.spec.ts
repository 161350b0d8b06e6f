import { setImmediate as nextTurn } from 'node:timers/promises';
import { milliseconds, minutes } from '@handoff/contracts';
import { FaultPlan, FaultyBus } from '@handoff/faults';
import type { Delivery } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { afterAll, expect, it } from 'vitest';
import { HandoffWorld, type WorldPorts } from './handoff-world.ts';

const world = new HandoffWorld();
afterAll(() => world.close());

/** Longer than any call of the embedded stores takes to answer: they do so within the turn. */
const turnsPerCall = 40;

/**
 * Lets the calls of racing instances through one at a time, in an order drawn from a seed. Each call waits before it is
 * done and again before its caller hears of it, so that every interleaving of the protocol's steps can be drawn.
 */
class Turnstile {
  readonly #random: SeededRandom;
  #waiting: (() => void)[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  through<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...call: unknown[]): Promise<unknown> => {
          await this.#turn();
          const answer = await (member.bind(target) as (...bound: unknown[]) => Promise<unknown>)(...call);
          await this.#turn();
          return answer;
        };
      },
    });
  }

  /** Opens for one caller after another until all work has ended. */
  async drive(work: readonly Promise<unknown>[]): Promise<void> {
    let isOver = false;
    const all = Promise.all(work).finally(() => { isOver = true; });
    while (!isOver) {
      for (let turn = 0; turn < turnsPerCall; turn += 1) await Promise.resolve();
      // A store that answers from another thread does so between two turns of the loop.
      if (this.#waiting.length === 0) await nextTurn();
      const [chosen] = this.#waiting.splice(Math.floor(this.#random.next() * this.#waiting.length), 1);
      chosen?.();
    }
    await all;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => { this.#waiting.push(resolve); });
  }
}

/** One seeded life of a hand-off: 2 to 8 instances, 2 to 6 messages whose games overlap, a bus that doubles, reorders and delays. */
async function race(seed: number): Promise<readonly number[]> {
  const random = new SeededRandom(seed);
  const between = (least: number, most: number): number => least + Math.floor(random.next() * (most - least + 1));
  const trial = await world.newTrial();
  const faults = new FaultPlan({
    clock: world.clock, random,
    faults: [{ target: 'bus', kind: 'duplicate', rate: 0.3 }, { target: 'bus', kind: 'reorder', rate: 0.3, span: minutes(1) }, { target: 'bus', kind: 'delay', rate: 0.2, span: minutes(4) }],
  });
  const bus = new FaultyBus(world.bus, faults);
  const turnstile = new Turnstile(random);
  const ports: WorldPorts = { state: turnstile.through(world.state), notifier: turnstile.through(world.notifier), bus: turnstile.through(bus) };
  const processes = Array.from({ length: between(2, 8) }, () => trial.start(ports));
  const pick = () => processes[between(0, processes.length - 1)]!;

  const messages = Array.from({ length: between(1, 5) }, () => Array.from({ length: between(1, 4) }, () => between(0, 4)));
  // Whatever was drawn, all five games complete in the end.
  messages.push([4, 3, 2, 1, 0].slice(0, between(1, 5)), [0, 1, 2, 3, 4]);
  for (const games of messages) {
    const completed = trial.completed([...new Set(games)]);
    await trial.publish(completed, bus);
  }

  for (let minute = 0; minute < 120; minute += 1) {
    await bus.releaseDue();
    // All that is due is delivered at once, each to an instance of its own choice; a refused one comes back later.
    const deliveries: Promise<boolean>[] = [];
    const take = (): boolean => {
      let isTaken = false;
      deliveries.push(world.bus.deliverNext((delivery: Delivery) => {
        isTaken = true;
        return pick().handle(delivery);
      }));
      return isTaken;
    };
    while (take());
    await turnstile.drive([...deliveries, pick().sweep(), ...(random.next() < 0.3 ? [pick().sweep()] : [])]);
    const pending = (await world.unpublished()) + world.bus.depth();
    if (pending === 0 && bus.nextDueAt() === undefined) break;
    world.clock.moveTo((world.clock.now() + minutes(1) + milliseconds(between(0, 999))) as never);
  }

  const outcome = await trial.outcome();
  expect(outcome, `seed ${seed}`).toMatchObject({ completions: 5, runs: 1, effects: 1, outbox: 0, claims: ['done'], deadLetters: 0, standing: { verdict: 'release', revision: 1 } });
  expect(outcome.releases, `seed ${seed}`).toHaveLength(1);
  expect(outcome.releases[0], `seed ${seed}`).toMatchObject({ verdict: 'release', run: { revision: 1, missing: [] } });
  expect(outcome.announcements.size, `seed ${seed}`).toBe(1);
  return faults.fired().map(({ fired }) => fired);
}

it('1,000 schedules of duplicates, reorderings, delays and two to eight racing instances: one release, one run, no lost completion', async () => {
  const fired = [0, 0, 0];
  for (let seed = 1; seed <= 1_000; seed += 1) for (const [kind, times] of (await race(seed)).entries()) fired[kind]! += times;
  // Each kind of trouble more than once a schedule, on average.
  for (const times of fired) expect(times).toBeGreaterThan(1_000);
}, 300_000);
