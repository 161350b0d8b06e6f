import { intervalOf, jobs, phaseMonitorLimits } from '@handoff/catalogue';
import { before, elapsed, PipelineError, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { SentRun } from '@handoff/pipeline-health';
import type { FlowContext } from '@handoff/ports';

/** From one look to the next. */
const [lookEvery] = jobs.filter(({ name }) => name === 'phase-monitor').map(intervalOf) as [DurationMs];

/**
 * Whether a message that nobody has taken up is sent again by this look: after a quarter of an hour, and after each
 * doubling of that. By its age alone, so that nothing has to be remembered: a look that does not take place leaves it to a later one.
 */
export function isSentAgain({ work, releasedAt }: Pick<SentRun, 'work' | 'releasedAt'>, now: EpochMs): boolean {
  if (work !== 'absent') return false;
  for (let age: number = phaseMonitorLimits.sentAgainAfter; age <= elapsed(releasedAt, now); age *= 2) if (age > elapsed(releasedAt, before(now, lookEvery))) return true;
  return false;
}

/**
 * Sends what was released, asked for or stored, and not taken up, once more: its message may be lost, and nobody else
 * knows of it. Whoever has it already drops it by its key. What cannot be sent is told in the log, and ends the
 * sending; that nobody has taken it up is told of in any case.
 *
 * @returns how many messages were sent.
 */
export async function sendAgain(runs: readonly SentRun[], { ports, log, correlationId }: FlowContext): Promise<number> {
  let sent = 0;
  const now = ports.clock.now();
  const lost = runs.flatMap((run) => (run.message !== undefined && isSentAgain(run, now) ? [run.message] : []));
  for (const { topic, key, payload } of lost) {
    try {
      await ports.bus.publish(topic, { key, payload, correlationId });
      sent += 1;
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      log.warn({ code: error.code, error, topic, key }, 'what nobody has taken up could not be sent again');
      // Whatever refuses one refuses the next, and each may take long to say so.
      return sent;
    }
  }
  return sent;
}
