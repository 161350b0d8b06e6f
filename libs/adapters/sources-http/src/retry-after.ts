import { milliseconds, seconds, type DurationMs, type EpochMs } from '@handoff/contracts';

/**
 * How long a source asks us to stay away: its Retry-After header in seconds or as an HTTP date; undefined where it says
 * nothing that can be read. A date that has passed is no time.
 */
export function retryAfter(header: string | undefined, now: EpochMs): DurationMs | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return seconds(Number(header));
  // An HTTP date names its day: anything else that Date.parse would take, as a plain number, is no date of HTTP.
  const at = /^[A-Za-z]{3,9},? /.test(header) ? Date.parse(header) : Number.NaN;
  if (!Number.isSafeInteger(at) || at < 1e12) return undefined;
  return milliseconds(Math.max(0, at - now));
}
