import { publishPending, publishPendingHistory } from '@handoff/outbox';
import type { FlowContext, FlowReport } from '@handoff/ports';

/** Messages of one kind per sweep: a minute's worth many times over, so that a backlog ends in a few sweeps. */
const perSweep = 500;

/**
 * Publishes what a crash left unconfirmed in the outbox, deferred work that has become due, and last the history
 * that waits: each whatever becomes of the others.
 *
 * @throws the first error, at the end.
 */
export async function sweepOutbox({ ports, log }: FlowContext): Promise<FlowReport> {
  const failures: unknown[] = [];
  const count = async (publishing: Promise<number>): Promise<number> => {
    try {
      return await publishing;
    } catch (error) {
      log.warn({ error }, 'part of the sweep failed');
      failures.push(error);
      return 0;
    }
  };
  const republished = await count(publishPending(ports, perSweep));
  const delivered = await count(ports.delays.deliverDue(ports.clock.now(), perSweep));
  const told = await count(publishPendingHistory(ports, perSweep));
  if (failures.length > 0) throw failures[0];
  return { outcome: republished + delivered + told === 0 ? 'nothing-due' : 'swept', facts: { republished, delivered, told } };
}
