import type { EpochMs } from '@handoff/contracts';
import type { Clock, Random } from '@handoff/ports';
import type { Fault, FaultKind, FiredFault } from './fault.ts';

export interface FaultPlanOptions {
  readonly faults: readonly Fault[];
  /** The true time, whatever a skewed clock shows. */
  readonly clock: Clock;
  readonly random: Random;
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

/**
 * The faults of a run and how often each fired. One seed and one order of calls give one sequence of faults:
 * a number is drawn only for a fault with a rate, while it is active.
 */
export class FaultPlan {
  readonly #options: FaultPlanOptions;
  readonly #fired: number[];

  /** @throws RangeError for a fault that could never fire, or always would: an empty time, no times, a rate outside (0, 1]. */
  constructor(options: FaultPlanOptions) {
    for (const fault of options.faults) refuseImpossible(fault);
    this.#options = options;
    this.#fired = options.faults.map(() => 0);
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

  /** The first fault of the plan that strikes this call, counted; undefined when none does. */
  strike(call: Call): Fault | undefined {
    const at = call.at ?? this.#options.clock.now();
    for (const [index, fault] of this.#options.faults.entries()) {
      if (!concerns(fault, call, at) || (this.#fired[index] ?? 0) >= (fault.times ?? Infinity)) continue;
      if (fault.rate !== undefined && this.#options.random.next() >= fault.rate) continue;
      this.#fired[index] = (this.#fired[index] ?? 0) + 1;
      return fault;
    }
    return undefined;
  }

  /** Every fault with the number of times that it fired, in the order of the plan. */
  fired(): readonly FiredFault[] {
    return this.#options.faults.map((fault, index) => ({ fault, fired: this.#fired[index] ?? 0 }));
  }
}

function concerns(fault: Fault, { targets, kinds, fits }: Call, at: EpochMs): boolean {
  if (!targets.includes(fault.target) || !kinds.includes(fault.kind)) return false;
  if (at < (fault.at ?? -Infinity) || at >= (fault.until ?? Infinity)) return false;
  return fits?.(fault) ?? true;
}

function refuseImpossible({ target, kind, at, until, rate, times }: Fault): void {
  const problem =
    at !== undefined && until !== undefined && until <= at ? 'it ends before it begins'
    : rate !== undefined && !(rate > 0 && rate <= 1) ? `its rate is ${rate}, not above 0 and at most 1`
    : times !== undefined && !(Number.isInteger(times) && times > 0) ? `its times is ${times}, not a positive whole number`
    : undefined;
  if (problem !== undefined) throw new RangeError(`fault ${kind} on ${target}: ${problem}`);
}
