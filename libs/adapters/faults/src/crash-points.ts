import { guarded, type MessageBus, type StateStore } from '@handoff/ports';
import type { CrashPoint } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';

/** The process has died here. Not a PipelineError: nothing that catches an error may take it for one that it knows. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
  readonly point: CrashPoint | 'dead';

  constructor(point: CrashPoint | 'dead') {
    super(point === 'dead' ? 'the process is dead' : `the process died at ${point}`);
    this.point = point;
  }
}

/** Whether the process dies at this passage; passages are counted over all points, from 0. */
export type DiesAt = (point: CrashPoint, passage: number) => boolean;

/** Dies once, at the passage with this number: with each number in turn a test kills a flow at every step. */
export const diesAtPassage = (number: number): DiesAt => (_, passage) => passage === number;

/** Dies where the plan says so. Targets: `function:<app>`, kind `crash`, with its point. */
export const diesByPlan = (plan: FaultPlan, target: string): DiesAt => (point) =>
  plan.strike({ targets: [target], kinds: ['crash'], fits: (fault) => fault.point === point }) !== undefined;

/**
 * The moments at which a process can die, as the ports that it uses pass them.
 *
 * | state | a call to a decorated port |
 * |---|---|
 * | alive | is done; at a point where it dies the call has taken effect and its caller gets a SimulatedCrash |
 * | dead | is not done: the dead write nothing, whatever their `catch` and `finally` try |
 *
 * `restart` makes it alive again, as another process over the same stores. Passages go on counting.
 */
export class CrashPoints {
  readonly #diesAt: DiesAt;
  readonly #passed: CrashPoint[] = [];
  #isDead = false;

  constructor(diesAt: DiesAt = () => false) {
    this.#diesAt = diesAt;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The points that were passed, in order, the one where it died too. */
  get passed(): readonly CrashPoint[] {
    return this.#passed;
  }

  restart(): void {
    this.#isDead = false;
  }

  /** @throws SimulatedCrash when the process is dead. */
  assertAlive(): void {
    if (this.#isDead) throw new SimulatedCrash('dead');
  }

  /** @throws SimulatedCrash when the process dies here, or is dead. */
  pass(point: CrashPoint): void {
    this.assertAlive();
    const passage = this.#passed.length;
    this.#passed.push(point);
    if (!this.#diesAt(point, passage)) return;
    this.#isDead = true;
    throw new SimulatedCrash(point);
  }

  /** Runs a piece of work that may die before it begins and after it has ended. */
  async around<Result>(work: () => Promise<Result>): Promise<Result> {
    this.pass('before-work');
    const result = await work();
    this.pass('after-work');
    return result;
  }
}

const reads = ['get', 'query'] as const;

/** A state store whose process may die after every write that was acknowledged: `after-commit`. */
export function crashingState(port: StateStore, points: CrashPoints): StateStore {
  const committed = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    points.assertAlive();
    const result = await write();
    points.pass('after-commit');
    return result;
  };
  const reading = guarded(port, reads, () => { points.assertAlive(); });
  return {
    get: (ref) => reading.get(ref),
    query: (query) => reading.query(query),
    create: (ref, value) => committed(() => port.create(ref, value)),
    update: (ref, value, expectedVersion) => committed(() => port.update(ref, value, expectedVersion)),
    batch: (writes) => committed(() => port.batch(writes)),
    transact: (documents, decide, options) => committed(() => port.transact(documents, decide, options)),
    increment: (ref, field, by) => committed(() => port.increment(ref, field, by)),
  };
}

/** A bus whose process may die after every message that was acknowledged: `after-publish`. */
export const crashingBus = (port: MessageBus, points: CrashPoints): MessageBus => ({
  async publish(topic, message) {
    points.assertAlive();
    const published = await port.publish(topic, message);
    points.pass('after-publish');
    return published;
  },
});

/** Any other port: the dead no longer reach it. `methods` are those that answer with a promise. */
export const onlyWhileAlive = <Port extends object>(port: Port, methods: Parameters<typeof guarded<Port>>[1], points: CrashPoints): Port =>
  guarded(port, methods, () => { points.assertAlive(); });
