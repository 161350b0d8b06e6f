import type { RetryPolicy } from '@handoff/catalogue';
import { milliseconds, type DurationMs } from '@handoff/contracts';

/**
 * How long the wait is after `retries` tries that failed: `backoffMs` times 2^retries, at most `backoffMaxMs`, and up to
 * `jitterMax` of that on top, by `random` in [0, 1). With a jitter below 1 each wait below the most is longer than the
 * one before, however the dice fall.
 *
 * @throws RangeError for a number of tries or dice outside their bounds: a caller that counts wrong.
 */
export function backoffOf({ backoffMs, backoffMaxMs, jitterMax }: RetryPolicy, retries: number, random: number): DurationMs {
  if (!Number.isInteger(retries) || retries < 0 || random < 0 || random >= 1) throw new RangeError(`no back-off after ${retries} tries with dice of ${random}`);
  return milliseconds(Math.round(Math.min(backoffMs * 2 ** retries, backoffMaxMs ?? Infinity) * (1 + jitterMax * random)));
}
