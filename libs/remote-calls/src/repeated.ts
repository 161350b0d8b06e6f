import { milliseconds, type DurationMs } from '@handoff/contracts';

export interface Repetition {
  /** Calls altogether, the first one included. */
  readonly attemptsMax: number;
  /** The pause after the first failure; it doubles with each, and up to half of it is taken off by chance. */
  readonly firstPauseMs: DurationMs;
  readonly mayRepeat: (error: unknown) => boolean;
  readonly pause: (span: DurationMs) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/**
 * Calls, and calls again after a failure that may be repeated: the one place where a call to a service is
 * repeated within a delivery. What outlasts it is the host's to repeat.
 *
 * @throws what the last call throws.
 */
export async function repeated<Result>(call: () => Promise<Result>, { attemptsMax, firstPauseMs, mayRepeat, pause, random }: Repetition): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= attemptsMax || !mayRepeat(error)) throw error;
      await pause(milliseconds(firstPauseMs * 2 ** (attempt - 1) * (1 - random() / 2)));
    }
  }
}
