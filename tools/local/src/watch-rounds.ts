import { after, before, epochMs, milliseconds, minutes, type EpochMs } from '@handoff/contracts';

/** Minutes between the watchdog's rounds while nothing is about to go wrong. */
export const idleRoundMinutes = 60;

export interface WatchRoundsOptions {
  /** The round that was made last, or the start of the run. */
  readonly lastAt: EpochMs;
  /** Minutes between the firings of the watchdog's job. */
  readonly everyMinutes: number;
  /** From when on, beginning with an instant, it is called at each of them; undefined of a time in which nothing may go wrong. */
  readonly watchFrom: (instant: EpochMs) => EpochMs | undefined;
}

/** The rounds of the watchdog that are made here: of its firings those that could see something (docs/adr/0031-rounds-that-would-see-nothing.md). */
export class WatchRounds {
  readonly #options: WatchRoundsOptions;
  #lastAt: EpochMs;

  constructor(options: WatchRoundsOptions) {
    this.#options = options;
    this.#lastAt = options.lastAt;
  }

  made(at: EpochMs): void {
    this.#lastAt = at;
  }

  /**
   * The next round: within the hour, or earlier where something may go wrong. What takes long here holds up everything,
   * which it does not in the cloud: of the rounds that it has outlasted the newest is made at once.
   *
   * @param soon - the earliest instant at which it can be made.
   */
  nextAt(soon: EpochMs): EpochMs {
    const { everyMinutes, watchFrom } = this.#options;
    const from = after(this.#lastAt, milliseconds(1));
    const idle = firingFrom(from, idleRoundMinutes);
    const watched = watchFrom(from);
    const close = watched === undefined ? idle : firingFrom(watched, everyMinutes);
    const next = close < idle ? close : idle;
    const newest = firingFrom(before(soon, minutes(everyMinutes)), everyMinutes);
    return newest > next ? newest : next;
  }
}

/** The first instant from `at` on at which a job that fires every so many minutes does. */
export const firingFrom = (at: EpochMs, everyMinutes: number): EpochMs => epochMs(Math.ceil(at / (everyMinutes * 60_000)) * everyMinutes * 60_000);
