import { PipelineError } from '@handoff/contracts';
import { grpcFaultOf, type GrpcFault } from '@handoff/remote-calls';

/** Where a fault happened: the method of Firestore, and the collections that it was about. */
export interface CallFacts {
  readonly method: string;
  readonly collections: readonly string[];
}

/**
 * The PipelineError for an error of a call, by its gRPC status; an error without one is a bug, and comes back as
 * it is. Codes beside the port's: `state-misconfigured` (defer) where the database is missing or of another kind,
 * `state-index-missing` (defer), `state-document-refused` (reject): too large, or nested too deep.
 */
export function asPipelineError(error: unknown, call: CallFacts): unknown {
  const fault = grpcFaultOf(error);
  if (fault === undefined || error instanceof PipelineError) return error;
  const { code, disposition, advice } = meaningOf(fault, call);
  return new PipelineError({
    code, disposition,
    message: `Firestore answered ${call.method} with ${fault.status}${advice}`,
    facts: { status: fault.status, method: call.method, collections: call.collections },
    cause: error,
  });
}

type Meaning = Pick<PipelineError, 'code' | 'disposition'> & { readonly advice: string };

function meaningOf(fault: GrpcFault, { method }: CallFacts): Meaning {
  const { disposition } = fault;
  switch (fault.kind) {
    case 'passing':
    case 'exists':
      return { code: 'state-unavailable', disposition, advice: '' };
    case 'permission':
      return { code: 'state-permission-denied', disposition, advice: ': the service account needs roles/datastore.user' };
    case 'request':
      return { code: 'state-document-refused', disposition, advice: ': a document may hold 1 MiB, nested 20 deep' };
    case 'precondition':
      return method === 'RunQuery' || method === 'ListDocuments' ? indexMissing : misconfigured;
    case 'missing':
    case 'unsupported':
      return misconfigured;
  }
}

const indexMissing: Meaning = { code: 'state-index-missing', disposition: 'defer', advice: ': deploy schemas/firestore/firestore.indexes.json' };
const misconfigured: Meaning = { code: 'state-misconfigured', disposition: 'defer', advice: ': is there a database of this name, in Native mode?' };

/** A write was repeated after a failure that left open whether it had been made, and was then refused, perhaps by itself. */
export const outcomeUnknown = (call: CallFacts, cause: unknown): PipelineError =>
  new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'a write may have been made although its first attempt failed', facts: { method: call.method, collections: call.collections }, cause });

/** Credentials could not be had: the client was not built, and is built anew for the next call. */
export const withoutCredentials = (cause: unknown): PipelineError =>
  new PipelineError({ code: 'state-permission-denied', disposition: 'defer', message: 'there are no credentials for Firestore: run as a service account, sign in with gcloud auth application-default login, or name an emulator', cause });

/** Whoever gives out the credentials could not be reached: nothing was asked yet. */
export const unreachable = (cause: unknown): PipelineError =>
  new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'credentials for Firestore could not be asked for: nobody answered', cause });
