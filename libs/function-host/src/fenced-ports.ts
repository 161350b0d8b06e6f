import { guarded, type Ports } from '@handoff/ports';
import type { Claim } from './claims.ts';

/**
 * The ports of one unit of work: everything that writes is refused once another worker has taken the work over.
 * Reading and alerting are not.
 */
export function fencedPorts(ports: Ports, claim: Claim): Ports {
  const held = (): Promise<void> => claim.assertHeld();
  return {
    ...ports,
    warehouse: guarded(ports.warehouse, ['merge', 'execute'], held),
    state: guarded(ports.state, ['create', 'update', 'batch', 'transact', 'increment'], held),
    bus: guarded(ports.bus, ['publish'], held),
    delays: guarded(ports.delays, ['schedule', 'deliverDue'], held),
    objects: guarded(ports.objects, ['put', 'delete'], held),
  };
}
