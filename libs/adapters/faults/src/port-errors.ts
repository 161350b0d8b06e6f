import { after, minutes, PipelineError, type EpochMs, type ErrorCode } from '@handoff/contracts';
import { streamingBufferSpan } from '@handoff/ports';
import type { Call, FaultPlan } from './fault-plan.ts';
import type { Fault, FaultKind } from './fault.ts';

/** What a kind of fault looks like to the caller of a port: the errors that libs/ports documents. */
export type PortErrors = Readonly<Partial<Record<FaultKind, ErrorCode>>>;

const away = (code: ErrorCode) => ({ unavailable: code, error: code, timeout: code });

export const stateErrors: PortErrors = { ...away('state-unavailable'), 'quota-exceeded': 'state-unavailable', 'permission-denied': 'state-permission-denied' };

export const warehouseErrors: PortErrors = {
  ...away('warehouse-unavailable'),
  'permission-denied': 'warehouse-permission-denied',
  'not-found': 'warehouse-table-missing',
  'schema-mismatch': 'warehouse-schema-mismatch',
  'quota-exceeded': 'warehouse-quota-exceeded',
  'streaming-buffer': 'warehouse-streaming-buffer',
};

export const busErrors: PortErrors = { ...away('bus-unavailable'), 'quota-exceeded': 'bus-unavailable', 'permission-denied': 'bus-permission-denied', 'not-found': 'bus-topic-missing' };

export const objectErrors: PortErrors = {
  ...away('objects-unavailable'),
  'permission-denied': 'objects-permission-denied',
  'quota-exceeded': 'objects-full',
  'not-found': 'object-not-found',
};

export const sourceErrors: PortErrors = { ...away('source-unavailable'), 'rate-limited': 'source-rate-limited', blocked: 'source-blocked', 'permission-denied': 'source-blocked' };

export const kindsOf = (errors: PortErrors): readonly FaultKind[] => Object.keys(errors) as FaultKind[];

/** When a `streaming-buffer` says that it is over. */
export const bufferedUntil = (plan: FaultPlan, { span }: Pick<Fault, 'span'>): EpochMs => after(plan.clock.now(), span ?? streamingBufferSpan);

/** How long a `latency` or a `timeout` holds a call up where the fault does not say. */
const heldUp = minutes(1);

/** Lets the fault's time pass: what is slow, and what is waited for in vain. */
export function spendOn(plan: FaultPlan, fault: Fault): void {
  if (fault.kind === 'latency' || fault.kind === 'timeout') plan.spend(fault.span ?? heldUp);
}

const slowness: readonly FaultKind[] = ['latency'];

/** Throws the port's error when a fault of the plan strikes the call; one that is slow is let through after its time. */
export function refuseStruck(plan: FaultPlan, errors: PortErrors, { kinds = kindsOf(errors), ...call }: Omit<Call, 'kinds'> & { readonly kinds?: readonly FaultKind[] }): void {
  if (!plan.isAbout(call.targets)) return;
  const slow = plan.strike({ ...call, kinds: slowness });
  if (slow !== undefined) spendOn(plan, slow);
  const fault = plan.strike({ ...call, kinds });
  if (fault === undefined) return;
  spendOn(plan, fault);
  throw errorOf(errors, fault, plan);
}

/** The error that a fault is to the caller. */
export function errorOf(errors: PortErrors, fault: Fault, plan: FaultPlan): PipelineError {
  const code = errors[fault.kind];
  if (code === undefined) throw new RangeError(`fault ${fault.kind} does not fit ${fault.target}`);
  return new PipelineError({
    code,
    message: `${fault.target}: ${fault.kind}`,
    facts: { target: fault.target, fault: fault.kind },
    ...(fault.kind === 'streaming-buffer' ? { until: bufferedUntil(plan, fault) } : {}),
  });
}
