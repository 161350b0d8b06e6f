import { publishPending } from '@handoff/outbox';
import type { FlowContext, FlowReport } from '@handoff/ports';

/** Messages of one kind per sweep: a minute's worth many times over, so that a backlog ends in a few sweeps. */
const perSweep = 500;

/** Publishes what a crash left unconfirmed in the outbox, and deferred work that has become due. */
export async function sweepOutbox({ ports }: FlowContext): Promise<FlowReport> {
  const republished = await publishPending(ports, perSweep);
  const delivered = await ports.delays.deliverDue(ports.clock.now(), perSweep);
  return { outcome: republished + delivered === 0 ? 'nothing-due' : 'swept', facts: { republished, delivered } };
}
