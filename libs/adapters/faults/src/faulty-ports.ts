import { guarded, type MergeRequest, type Notifier, type ObjectStore, type Scheduler, type StateStore, type Statement, type Warehouse } from '@handoff/ports';
import type { FaultKind } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import { errorOf, kindsOf, objectErrors, stateErrors, warehouseErrors, type PortErrors } from './port-errors.ts';

/** Throws the port's error when a fault of the plan strikes a call under one of these targets. */
export function refuseStruck(plan: FaultPlan, errors: PortErrors, targets: readonly string[], kinds: readonly FaultKind[] = kindsOf(errors)): void {
  const fault = plan.strike({ targets, kinds });
  if (fault !== undefined) throw errorOf(errors, fault, plan.clock.now());
}

/** A state store whose calls fail by plan. Target: `state`. */
export const faultyState = (port: StateStore, plan: FaultPlan): StateStore =>
  guarded(port, ['get', 'create', 'update', 'batch', 'transact', 'query', 'increment'], () => { refuseStruck(plan, stateErrors, ['state']); });

/** The kinds that a read can meet: the streaming buffer hinders only changes. */
const readKinds = kindsOf(warehouseErrors).filter((kind) => kind !== 'streaming-buffer');

/** A warehouse whose statements fail by plan. Targets: `warehouse`, and `warehouse:<dataset.table>` for each table that a statement names. */
export const faultyWarehouse = (port: Warehouse, plan: FaultPlan): Warehouse =>
  guarded(port, ['query', 'execute', 'merge'], (method, [request]) => {
    const tables = method === 'merge' ? [(request as MergeRequest).table] : tablesIn((request as Statement).text);
    refuseStruck(plan, warehouseErrors, ['warehouse', ...tables.map((table) => `warehouse:${table}`)], method === 'query' ? readKinds : undefined);
  });

const tablesIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** The kinds that a method of the object store can meet: only a get misses a file, only a put needs space. */
const objectKinds = (method: string): readonly FaultKind[] =>
  kindsOf(objectErrors).filter((kind) => (kind !== 'not-found' || method === 'get') && (kind !== 'quota-exceeded' || method === 'put'));

/** An object store whose calls fail by plan. Target: `objects`. */
export const faultyObjects = (port: ObjectStore, plan: FaultPlan): ObjectStore =>
  guarded(port, ['put', 'get', 'list', 'delete'], (method) => { refuseStruck(plan, objectErrors, ['objects'], objectKinds(method)); });

/**
 * A notifier whose notices get lost or come twice. It keeps the port's promise: its caller never sees a fault.
 * Targets: `notifier`, and `notifier:<channel>`.
 */
export function faultyNotifier(port: Notifier, plan: FaultPlan, channel?: string): Notifier {
  const targets = ['notifier', ...(channel === undefined ? [] : [`notifier:${channel}`])];
  const told = async (tell: () => Promise<void>): Promise<void> => {
    const fault = plan.strike({ targets, kinds: ['unavailable', 'error', 'timeout', 'permission-denied', 'drop', 'duplicate'] });
    if (fault !== undefined && fault.kind !== 'duplicate') return;
    await tell();
    if (fault !== undefined) await tell();
  };
  return {
    alert: (alert) => told(() => port.alert(alert)),
    resolve: (cause, subject, at) => told(() => port.resolve(cause, subject, at)),
  };
}

/**
 * A scheduler that leaves out firings, or fires twice, judged by the time of each firing. Targets: `scheduler`,
 * and `scheduler:<job>`. Ask it once for each span of time: every answer counts.
 */
export const faultyScheduler = (port: Scheduler, plan: FaultPlan): Scheduler => ({
  firingsBetween: (after, until) =>
    port.firingsBetween(after, until).flatMap((firing) => {
      const fault = plan.strike({ targets: ['scheduler', `scheduler:${firing.job}`], kinds: ['paused', 'unavailable', 'error', 'drop', 'duplicate'], at: firing.at });
      if (fault === undefined) return [firing];
      return fault.kind === 'duplicate' ? [firing, firing] : [];
    }),
});
