import { milliseconds, type DurationMs } from '@handoff/contracts';

/** How often a request is sent, and how the time in between is spent. */
export interface Attempts {
  readonly attemptsMax: number;
  /** The wait before the second attempt; it doubles with each, and up to half of it is taken off by chance: those who failed together do not come back together. */
  readonly firstWaitMs: DurationMs;
  readonly wait: (span: DurationMs) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** How long the failure itself asks to be waited for, where it does: the longer of the two waits counts. */
  readonly waitAsked?: (error: unknown) => DurationMs | undefined;
}

/**
 * Sends a request, again while it fails for a reason that passes by itself. `send` hears which attempt it is, from
 * 1. What is sent must be safe to send twice.
 *
 * @throws the last error, as it came.
 */
export async function attempted<Result>(attempts: Attempts, isTransient: (error: unknown) => boolean, send: (attempt: number) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    let asked: DurationMs | undefined;
    try {
      return await send(attempt);
    } catch (error) {
      if (attempt >= attempts.attemptsMax || !isTransient(error)) throw error;
      asked = attempts.waitAsked?.(error);
    }
    const backOff = attempts.firstWaitMs * 2 ** (attempt - 1) * (1 - attempts.random() / 2);
    await attempts.wait(milliseconds(Math.max(backOff, asked ?? 0)));
  }
}
