import { before, type DurationMs, type EpochMs } from '@handoff/contracts';

/**
 * Counts what happened within a span that ends at the moment asked about; what is as old as the span is forgotten.
 * Moments are given in their order. Adding and counting take the same time however much is counted.
 */
export class SlidingWindow {
  private moments: EpochMs[] = [];
  /** Where the span begins in `moments`. */
  private first = 0;
  private readonly spanMs: DurationMs;

  constructor(spanMs: DurationMs) {
    this.spanMs = spanMs;
  }

  add(at: EpochMs): void {
    this.moments.push(at);
  }

  count(now: EpochMs): number {
    this.forget(now);
    return this.moments.length - this.first;
  }

  /** The `count`-th from the last; undefined where the span holds fewer. */
  fromLast(count: number, now: EpochMs): EpochMs | undefined {
    return this.count(now) < count ? undefined : this.moments.at(-count);
  }

  private forget(now: EpochMs): void {
    const since = before(now, this.spanMs);
    for (let oldest = this.moments[this.first]; oldest !== undefined && oldest <= since; oldest = this.moments[this.first]) this.first += 1;
    if (this.first * 2 < this.moments.length) return;
    this.moments = this.moments.slice(this.first);
    this.first = 0;
  }
}
