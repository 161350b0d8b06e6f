import { writeLateLogRows } from '@handoff/log-rows';
import { publishPending, publishPendingHistory } from '@handoff/outbox';
import type { FlowContext, FlowReport } from '@handoff/ports';

/** Messages of one kind per sweep: a minute's worth many times over, so that a backlog ends in a few sweeps. */
const perSweep = 500;

/**
 * Publishes what a crash left unconfirmed in the outbox, deferred work that has become due, the history that waits,
 * and last the rows of logs that the warehouse refused: each whatever becomes of the others.
 *
 * @throws the first error, at the end.
 */
export async function sweepOutbox({ ports, log }: FlowContext): Promise<FlowReport> {
  const failures: unknown[] = [];
  const part = async <Result>(sweeping: Promise<Result>, none: Result): Promise<Result> => {
    try {
      return await sweeping;
    } catch (error) {
      log.warn({ error }, 'part of the sweep failed');
      failures.push(error);
      return none;
    }
  };
  const republished = await part(publishPending(ports, perSweep), 0);
  const delivered = await part(ports.delays.deliverDue(ports.clock.now(), perSweep), 0);
  const told = await part(publishPendingHistory(ports, perSweep), 0);
  const { written: logged, lost } = await part(writeLateLogRows(ports, log, perSweep), { written: 0, lost: 0 });
  if (failures.length > 0) throw failures[0];
  return { outcome: republished + delivered + told + logged + lost === 0 ? 'nothing-due' : 'swept', facts: { republished, delivered, told, logged, lost } };
}
