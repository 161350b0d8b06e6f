import { PipelineError, type ErrorCode } from '@handoff/contracts';
import { grpcFaultOf, type GrpcFault } from '@handoff/remote-calls';

/**
 * The PipelineError for an error of a call about a topic or subscription, by its gRPC status; an error without one
 * is a bug, and comes back as it is. Codes beside the port's: `bus-message-refused` (reject), over 10 MB for one;
 * `bus-misconfigured` (defer), a topic whose key or schema is in the way.
 */
export function asPipelineError(error: unknown, resource: string): unknown {
  const fault = grpcFaultOf(error);
  if (fault === undefined || error instanceof PipelineError) return error;
  const { code, advice } = meaningOf(fault);
  const message = `Pub/Sub answered with ${fault.status} for ${resource}${advice}`;
  return new PipelineError({ code, disposition: fault.disposition, message, facts: { status: fault.status, resource }, cause: error });
}

function meaningOf({ kind }: GrpcFault): { readonly code: ErrorCode; readonly advice: string } {
  switch (kind) {
    case 'passing':
    case 'exists':
      return { code: 'bus-unavailable', advice: '' };
    case 'permission':
      return { code: 'bus-permission-denied', advice: ': the service account needs roles/pubsub.publisher on it' };
    case 'missing':
      return { code: 'bus-topic-missing', advice: ': provision it, or add it to the catalogue' };
    case 'request':
      return { code: 'bus-message-refused', advice: '' };
    case 'precondition':
    case 'unsupported':
      return { code: 'bus-misconfigured', advice: '' };
  }
}

/** Credentials could not be had: the client was not built, and is built anew for the next call. */
export const withoutCredentials = (cause: unknown): PipelineError =>
  new PipelineError({ code: 'bus-permission-denied', disposition: 'defer', message: 'there are no credentials for Pub/Sub: run as a service account, sign in with gcloud auth application-default login, or name an emulator', cause });

/** Whoever gives out the credentials could not be reached: nothing was asked yet. */
export const unreachable = (cause: unknown): PipelineError =>
  new PipelineError({ code: 'bus-unavailable', disposition: 'retry', message: 'credentials for Pub/Sub could not be asked for: nobody answered', cause });
