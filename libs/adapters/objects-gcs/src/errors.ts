import { PipelineError, type ErrorCode } from '@handoff/contracts';

type Doing = 'put' | 'get' | 'list' | 'delete';

interface Classified {
  readonly code: ErrorCode;
  readonly say: (path: string) => string;
}

const notFound: Classified = { code: 'object-not-found', say: (path) => `there is no object ${path}` };
const bucketMissing: Classified = { code: 'objects-bucket-missing', say: (path) => `there is no bucket to keep ${path} in: create it, then try again` };
const denied: Classified = { code: 'objects-permission-denied', say: (path) => `no permission for ${path}: grant the role that the function needs` };
const invalid: Classified = { code: 'object-path-invalid', say: (path) => `Cloud Storage does not take the path ${path}` };
const unavailable: Classified = { code: 'objects-unavailable', say: (path) => `Cloud Storage could not answer about ${path}` };

/** The HTTP status of an error of the client; `undefined` for a request without an answer, and for an error that is not the client's. */
export const statusOf = (error: unknown): number | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined);

/** By HTTP status. Where there is none, the operating system's code says that no answer came. */
function classify(error: Error, doing: Doing): Classified | undefined {
  const status = statusOf(error);
  if (status === undefined) return 'code' in error && typeof error.code === 'string' ? unavailable : undefined;
  if (status === 401 || status === 403) return denied;
  // A name that is not there is an object to a reader; to others only the bucket can be missing.
  if (status === 404) return doing === 'get' ? notFound : bucketMissing;
  if (status === 408 || status === 412 || status === 429 || status >= 500) return unavailable;
  return invalid;
}

/** True for a failure that passes by itself. So does a precondition that another writer has overtaken: the put looks again. */
export const isTransient = (error: unknown): boolean => error instanceof Error && classify(error, 'put') === unavailable;

/** The PipelineError for an error of the client; an error that is not the client's comes back as it is, being a bug. */
export function asPipelineError(error: unknown, path: string, doing: Doing): unknown {
  if (error instanceof PipelineError || !(error instanceof Error)) return error;
  const classified = classify(error, doing);
  if (classified === undefined) return error;
  return new PipelineError({
    code: classified.code, message: classified.say(path), facts: { path, doing, httpStatus: statusOf(error) ?? null }, cause: error,
  });
}
