import { setTimeout as sleep } from 'node:timers/promises';
import { milliseconds, type DurationMs } from '@handoff/contracts';
import { isTransient } from './errors.ts';

/** How often a request is sent, and how the time in between is spent. */
export interface Attempts {
  readonly attemptsMax: number;
  /** The wait before the second attempt; it doubles with each. */
  readonly firstWaitMs: DurationMs;
  readonly wait: (span: DurationMs) => Promise<void>;
}

/** Under two seconds in all: what lasts longer is the host's to repeat, with the message back in the queue. */
export const defaultAttempts: Attempts = { attemptsMax: 4, firstWaitMs: milliseconds(250), wait: (span) => sleep(span) };

/**
 * Sends a request, again while it fails for a reason that passes by itself. The only place that repeats: the
 * client has been told not to. What is sent must be safe to send twice: a read, or a job with an id of its own.
 *
 * @throws the last error, as the client gave it.
 */
export async function attempted<Result>(attempts: Attempts, send: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= attempts.attemptsMax || !isTransient(error)) throw error;
    }
    await attempts.wait(milliseconds(attempts.firstWaitMs * 2 ** (attempt - 1)));
  }
}
