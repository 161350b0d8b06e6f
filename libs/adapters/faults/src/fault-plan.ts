import { hashOf, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock, Random } from '@handoff/ports';
import type { Fault, FaultKind, FiredFault } from './fault.ts';

export interface FaultPlanOptions {
  readonly faults: readonly Fault[];
  /** The true time, whatever a skewed clock shows. */
  readonly clock: Clock;
  readonly random: Random;
  /** Lets time pass while a call is held up by a `latency` or a `timeout`; absent: no time passes. */
  readonly spend?: (span: DurationMs) => void;
}

/** What a call is, to the plan: under which targets it may be struck, and by which kinds. */
export interface Call {
  readonly targets: readonly string[];
  readonly kinds: readonly FaultKind[];
  /** Further condition on the fault. */
  readonly fits?: (fault: Fault) => boolean;
  /** When it happens; now, as a rule. */
  readonly at?: EpochMs;
}

interface Tally {
  fired: number;
  firstAt?: EpochMs;
  lastAt?: EpochMs;
}

/**
 * The faults of a run and how often each fired. One seed and one order of calls give one sequence of faults:
 * a number is drawn only for a fault with a rate, while it is active.
 */
export class FaultPlan {
  readonly #options: FaultPlanOptions;
  readonly #tallies: ReadonlyMap<Fault, Tally>;
  readonly #targets: ReadonlySet<string>;
  /** Mixed into every draw by name, so that another seed concerns other games. Drawn when the first is asked for. */
  #salt: number | undefined;

  /** @throws RangeError for a fault that could never fire, or always would: an empty time, no times, a rate outside (0, 1]. */
  constructor(options: FaultPlanOptions) {
    for (const fault of options.faults) refuseImpossible(fault);
    // A copy of each: the same value twice in a plan is two faults.
    const faults = options.faults.map((fault) => ({ ...fault }));
    this.#options = { ...options, faults };
    this.#targets = new Set(faults.map(({ target }) => target));
    this.#tallies = new Map(faults.map((fault) => [fault, { fired: 0 }]));
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get random(): Random {
    return this.#options.random;
  }

  get faults(): readonly Fault[] {
    return this.#options.faults;
  }

  /** Whether any fault of the plan is on one of these targets, at whatever time: most calls need not be looked at closer. */
  isAbout(targets: readonly string[]): boolean {
    return targets.some((target) => this.#targets.has(target));
  }

  /** The first fault of the plan that strikes this call, counted; undefined when none does. */
  strike(call: Call): Fault | undefined {
    if (!this.isAbout(call.targets)) return undefined;
    const at = call.at ?? this.#options.clock.now();
    for (const fault of this.#options.faults) {
      if (!this.#concerns(fault, call, at)) continue;
      if (fault.rate !== undefined && this.#options.random.next() >= fault.rate) continue;
      this.count(fault, at);
      return fault;
    }
    return undefined;
  }

  /** Every fault that is active for this call, in the order of the plan: neither drawn nor counted. */
  active(call: Call): readonly Fault[] {
    const at = call.at ?? this.#options.clock.now();
    return this.#options.faults.filter((fault) => this.#concerns(fault, call, at));
  }

  /** Notes that a fault of the plan has struck. */
  count(fault: Fault, at: EpochMs = this.#options.clock.now()): void {
    const tally = this.#tallies.get(fault);
    if (tally === undefined) return;
    tally.fired += 1;
    tally.firstAt ??= at;
    tally.lastAt = at;
  }

  /** True for the share `rate` of all names, always the same ones for one seed and fault: games, players. */
  draws(fault: Fault, name: string, rate: number): boolean {
    this.#salt ??= Math.floor(this.#options.random.next() * 2 ** 32);
    const drawn = Number.parseInt(hashOf(`${this.#salt}|${this.#options.faults.indexOf(fault)}|${name}`).slice(0, 8), 16);
    return drawn / 2 ** 32 < rate;
  }

  /** Lets time pass within a call. */
  spend(span: DurationMs): void {
    this.#options.spend?.(span);
  }

  /** Every fault with the number of times that it fired, in the order of the plan. */
  fired(): readonly FiredFault[] {
    return Array.from(this.#tallies, ([fault, tally]) => ({ fault, ...tally }));
  }

  #concerns(fault: Fault, { targets, kinds, fits }: Call, at: EpochMs): boolean {
    if (!targets.includes(fault.target) || !kinds.includes(fault.kind)) return false;
    if (at < (fault.at ?? -Infinity) || at >= (fault.until ?? Infinity)) return false;
    if ((this.#tallies.get(fault)?.fired ?? 0) >= (fault.times ?? Infinity)) return false;
    return fits?.(fault) ?? true;
  }
}

function refuseImpossible({ target, kind, at, until, rate, times }: Fault): void {
  const problem =
    at !== undefined && until !== undefined && until <= at ? 'it ends before it begins'
    : rate !== undefined && !(rate > 0 && rate <= 1) ? `its rate is ${rate}, not above 0 and at most 1`
    : times !== undefined && !(Number.isInteger(times) && times > 0) ? `its times is ${times}, not a positive whole number`
    : undefined;
  if (problem !== undefined) throw new RangeError(`fault ${kind} on ${target}: ${problem}`);
}
