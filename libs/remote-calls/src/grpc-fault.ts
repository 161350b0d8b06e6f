import type { Disposition } from '@handoff/contracts';

/** What a gRPC status says of a failed call. */
export interface GrpcFault {
  /** The status by its name: `UNAVAILABLE`. */
  readonly status: string;
  /**
   * | kind | of |
   * |---|---|
   * | passing | an outage, a limit of rate, contention, a deadline: the same call may succeed later |
   * | permission | who we are, or may do |
   * | missing, exists, precondition | the thing that the call is about |
   * | request | the call itself: it can never succeed |
   * | unsupported | the service, which is not the one that we take it for |
   */
  readonly kind: 'passing' | 'permission' | 'missing' | 'exists' | 'precondition' | 'request' | 'unsupported';
  /** For a caller who expects nothing of the kind. */
  readonly disposition: Disposition;
  /** False when the call may have had its effect although it failed. */
  readonly isOutcomeKnown: boolean;
}

const fault = (status: string, kind: GrpcFault['kind'], disposition: Disposition, isOutcomeKnown = true): GrpcFault => ({ status, kind, disposition, isOutcomeKnown });
const passing = (status: string, isOutcomeKnown: boolean): GrpcFault => fault(status, 'passing', 'retry', isOutcomeKnown);

/** Every status of gRPC but OK, by number. */
export const grpcFaults: ReadonlyMap<number, GrpcFault> = new Map([
  [1, passing('CANCELLED', false)],
  [2, passing('UNKNOWN', false)],
  [3, fault('INVALID_ARGUMENT', 'request', 'reject')],
  [4, passing('DEADLINE_EXCEEDED', false)],
  [5, fault('NOT_FOUND', 'missing', 'defer')],
  [6, fault('ALREADY_EXISTS', 'exists', 'retry')],
  [7, fault('PERMISSION_DENIED', 'permission', 'defer')],
  [8, passing('RESOURCE_EXHAUSTED', true)],
  [9, fault('FAILED_PRECONDITION', 'precondition', 'defer')],
  [10, passing('ABORTED', true)],
  [11, fault('OUT_OF_RANGE', 'request', 'reject')],
  [12, fault('UNIMPLEMENTED', 'unsupported', 'defer')],
  [13, passing('INTERNAL', false)],
  [14, passing('UNAVAILABLE', false)],
  [15, passing('DATA_LOSS', false)],
  [16, fault('UNAUTHENTICATED', 'permission', 'defer')],
]);

/** The fault that an error of a gRPC client stands for, by its status alone; undefined for any other error, which is a bug. */
export function grpcFaultOf(error: unknown): GrpcFault | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? grpcFaults.get(error.code) : undefined;
}
