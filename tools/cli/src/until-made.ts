import type { DurationMs } from '@handoff/contracts';

export interface Waiting {
  /** Without anything more for this long, no more is waited for: what failed is tried again by the retry queue, much later. */
  readonly patience: DurationMs;
  readonly lookEvery: DurationMs;
  readonly pause: (span: DurationMs) => Promise<unknown>;
}

/** Waits for pieces that others make, by looking whether they are there: until all of them are, or for as long as more of them come. */
export const untilMade = ({ patience, lookEvery, pause }: Waiting) => async (countLeft: (() => Promise<number>) | undefined): Promise<void> => {
  if (countLeft === undefined) return;
  let left = await countLeft();
  let waited = 0;
  while (left > 0 && waited < patience) {
    await pause(lookEvery);
    const leftNow = await countLeft();
    waited = leftNow < left ? 0 : waited + lookEvery;
    left = leftNow;
  }
};
