import { after, minutes, PipelineError } from '@handoff/contracts';
import { guarded, type MergeRequest, type NoticeChannel, type ObjectStore, type Scheduler, type StateStore, type Statement, type Warehouse } from '@handoff/ports';
import { isAbout, isAboutTables } from './concerned.ts';
import type { FaultKind } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import { bufferedUntil, kindsOf, objectErrors, refuseStruck, stateErrors, warehouseErrors } from './port-errors.ts';

/** A state store whose calls fail by plan. Target: `state`. */
export const faultyState = (port: StateStore, plan: FaultPlan): StateStore =>
  guarded(port, ['get', 'create', 'update', 'batch', 'transact', 'query', 'increment'], (_, call) => { refuseStruck(plan, stateErrors, { targets: ['state'], fits: (fault) => isAbout(fault, call) }); });

/** The kinds that a read can meet: the streaming buffer and the quota of load jobs hinder only changes. */
const readKinds = kindsOf(warehouseErrors).filter((kind) => kind !== 'streaming-buffer' && kind !== 'quota-exceeded');

/**
 * A warehouse whose statements fail by plan. Targets: `warehouse`, and `warehouse:<dataset.table>` for each table that a
 * statement names. A table whose changes are refused for streamed rows says that it has some.
 */
export function faultyWarehouse(port: Warehouse, plan: FaultPlan): Warehouse {
  const refusing = guarded(port, ['query', 'execute', 'merge', 'streamedRows'], (method, [request]) => {
    const merged = method === 'merge' ? (request as MergeRequest) : undefined;
    const tables = typeof request === 'string' ? [request] : merged === undefined ? tablesIn((request as Statement).text) : [merged.table];
    refuseStruck(plan, warehouseErrors, {
      targets: targetsOf(tables),
      fits: (fault) => isAboutTables(fault, tables, merged?.rows ?? []),
      ...(method === 'query' || method === 'streamedRows' ? { kinds: readKinds } : {}),
    });
  });
  return {
    query: (statement, parameters) => refusing.query(statement, parameters),
    execute: (statement, parameters) => refusing.execute(statement, parameters),
    merge: (request) => refusing.merge(request),
    counters: () => refusing.counters(),
    async streamedRows(table) {
      const streamed = await refusing.streamedRows(table);
      const [fault] = plan.active({ targets: targetsOf([table]), kinds: ['streaming-buffer'] });
      return fault === undefined ? streamed : { rows: streamed?.rows ?? 1, oldestAt: streamed?.oldestAt ?? null, until: bufferedUntil(plan, fault) };
    },
  };
}

const targetsOf = (tables: readonly string[]): readonly string[] => ['warehouse', ...tables.map((table) => `warehouse:${table}`)];

const tablesIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** The kinds that a method of the object store can meet: only a get misses a file, only a put needs space. */
const objectKinds = (method: string): readonly FaultKind[] =>
  kindsOf(objectErrors).filter((kind) => (kind !== 'not-found' || method === 'get') && (kind !== 'quota-exceeded' || method === 'put'));

/** An object store whose calls fail by plan, and whose files come back cut off by `malformed`. Target: `objects`. */
export const faultyObjects = (port: ObjectStore, plan: FaultPlan): ObjectStore => {
  const refusing = guarded(port, ['put', 'get', 'list', 'delete'], (method, [path]) => {
    refuseStruck(plan, objectErrors, { targets: ['objects'], kinds: objectKinds(method), fits: (fault) => isAbout(fault, path) });
  });
  return {
    put: (path, bytes, options) => refusing.put(path, bytes, options),
    list: (prefix) => refusing.list(prefix),
    delete: (path) => refusing.delete(path),
    async get(path) {
      const bytes = await refusing.get(path);
      const fault = plan.strike({ targets: ['objects'], kinds: ['malformed'], fits: (candidate) => isAbout(candidate, path) });
      return fault === undefined ? bytes : bytes.subarray(0, Math.floor(bytes.length / 2));
    },
  };
};

/**
 * A channel to people that refuses, loses or doubles notices by plan. Target: `notifier:<channel>`. One that is lost is
 * taken, and reaches nobody.
 */
export function faultyChannel(port: NoticeChannel, plan: FaultPlan): NoticeChannel {
  return {
    name: port.name,
    async send(notice) {
      const fault = plan.strike({ targets: [`notifier:${port.name}`], kinds: ['unavailable', 'error', 'timeout', 'rate-limited', 'permission-denied', 'drop', 'duplicate'], fits: (candidate) => isAbout(candidate, notice) });
      if (fault?.kind === 'drop') return;
      if (fault?.kind === 'permission-denied') throw new PipelineError({ code: 'channel-refused', message: `${fault.target}: ${fault.kind}`, facts: { channel: port.name } });
      if (fault !== undefined && fault.kind !== 'duplicate') throw new PipelineError({ code: 'channel-unavailable', message: `${fault.target}: ${fault.kind}`, facts: { channel: port.name } });
      await port.send(notice);
      if (fault !== undefined) await port.send(notice);
    },
  };
}

/** How much later a `delay` lets a job fire where the fault does not say. */
const lateness = minutes(30);

/**
 * A scheduler that leaves out firings, fires twice or late, judged by the time of each firing. Targets: `scheduler`,
 * and `scheduler:<job>`. Ask it once for each span of time: every answer counts. A firing that is late may lie after
 * the span that was asked for.
 */
export const faultyScheduler = (port: Scheduler, plan: FaultPlan): Scheduler => ({
  firingsBetween: (start, until) => {
    const firings = port.firingsBetween(start, until).flatMap((firing) => {
      const fault = plan.strike({ targets: ['scheduler', `scheduler:${firing.job}`], kinds: ['paused', 'unavailable', 'error', 'permission-denied', 'drop', 'duplicate', 'delay'], at: firing.at, fits: (candidate) => isAbout(candidate, firing) });
      switch (fault?.kind) {
        case undefined: return [firing];
        case 'duplicate': return [firing, firing];
        case 'delay': return [{ ...firing, at: after(firing.at, fault.span ?? lateness) }];
        default: return [];
      }
    });
    return firings.toSorted((left, right) => left.at - right.at);
  },
});
