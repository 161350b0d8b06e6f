import { after, PipelineError, type ErrorCode, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import { streamingBufferSpan } from '@handoff/ports';
import { refusesStreamedRows } from './streaming-refusal.ts';
import { refusesConcurrentChange } from './write-conflict.ts';

/** What was being done when an error came, for the message and the facts. */
export interface ErrorContext {
  /** The statement's name, or `merge dataset.table`. */
  readonly doing: string;
  readonly facts: ErrorFacts;
  readonly now: EpochMs;
}

interface Classified {
  readonly code: ErrorCode;
  readonly advice: string;
}

const unavailable: Classified = { code: 'warehouse-unavailable', advice: 'BigQuery could not answer; the statement can be repeated' };
const refused: Classified = { code: 'warehouse-statement-refused', advice: 'change the statement (docs/sql.md)' };
const tableMissing: Classified = { code: 'warehouse-table-missing', advice: 'create the table, then try again' };
const denied: Classified = { code: 'warehouse-permission-denied', advice: 'grant the role that the function needs, then try again' };
const exceeded: Classified = { code: 'warehouse-quota-exceeded', advice: 'wait for the quota to refill, or have it raised' };
const conflicted: Classified = { code: 'warehouse-write-conflict', advice: 'another process changes the same rows; the statement changed nothing and can be repeated' };
const streamed: Classified = { code: 'warehouse-streaming-buffer', advice: 'streamed rows leave the buffer by themselves' };

/** By `errors[].reason`, from BigQuery's error table (https://cloud.google.com/bigquery/docs/error-messages, read 2026-11). */
const byReason: Readonly<Record<string, Classified>> = {
  invalidQuery: refused, resourcesExceeded: refused, responseTooLarge: refused, notImplemented: refused, badRequest: refused, invalid: refused,
  notFound: tableMissing,
  accessDenied: denied, billingNotEnabled: denied, attributeError: denied, proxyAuthenticationRequired: denied, authError: denied, forbidden: denied,
  quotaExceeded: exceeded, blocked: exceeded, billingTierLimitExceeded: exceeded,
  rateLimitExceeded: unavailable, userRateLimitExceeded: unavailable, jobRateLimitExceeded: unavailable, backendError: unavailable, internalError: unavailable,
  jobBackendError: unavailable, jobInternalError: unavailable, stopped: unavailable, timeout: unavailable, tableUnavailable: unavailable, resourceInUse: unavailable,
};

/** By HTTP status, for a reason that is not in the table: a proxy in between knows none. */
function byStatus(status: number): Classified {
  if (status === 401 || status === 403) return denied;
  if (status === 404) return tableMissing;
  if (status === 408 || status === 429 || status >= 500) return unavailable;
  return refused;
}

/** What BigQuery says of a failure: the HTTP status, and the reason of the first error. */
export interface Failure {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  /** The operating system's or the client's word for a request that had no answer. */
  readonly systemCode: string | undefined;
}

/** Reads an error of the client; all parts are undefined for an error that did not come from it. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { status: undefined, reason: undefined, systemCode: undefined };
  const code = 'code' in error ? error.code : undefined;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  const errors: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const first = errors[0];
  const reason = typeof first === 'object' && first !== null && 'reason' in first && typeof first.reason === 'string' ? first.reason : undefined;
  return { status: typeof code === 'number' ? code : undefined, reason, systemCode: typeof code === 'string' ? code : (type === 'request-timeout' || type === 'aborted' ? type : undefined) };
}

function classify(failure: Failure, message: string): Classified | undefined {
  if (refusesStreamedRows(failure.reason, message)) return streamed;
  if (refusesConcurrentChange(failure.reason, message)) return conflicted;
  const known = failure.reason === undefined ? undefined : byReason[failure.reason];
  if (known !== undefined) return known;
  if (failure.status !== undefined) return byStatus(failure.status);
  return failure.systemCode === undefined ? undefined : unavailable;
}

/** True for a change that lost against another one: as a job of its own it may be made again. */
export const isWriteConflict = (error: unknown): boolean => error instanceof Error && classify(failureOf(error), error.message) === conflicted;

/** True for a failure that passes by itself, so that the same request may be sent again at once. */
export const isTransient = (error: unknown): boolean => error instanceof Error && classify(failureOf(error), error.message) === unavailable;

/**
 * The PipelineError for an error of the client; an error that is not the client's comes back as it is, being a bug.
 *
 * `warehouse-streaming-buffer` waits 30 minutes from now: by then every row that was in the buffer has left it.
 * BigQuery does not say how much earlier.
 */
export function asPipelineError(error: unknown, context: ErrorContext): unknown {
  if (error instanceof PipelineError || !(error instanceof Error)) return error;
  const failure = failureOf(error);
  const classified = classify(failure, error.message);
  if (classified === undefined) return error;
  return new PipelineError({
    code: classified.code,
    message: `${context.doing}: ${error.message.split('\n')[0] ?? ''} (${classified.advice})`,
    facts: { ...context.facts, httpStatus: failure.status ?? null, reason: failure.reason ?? failure.systemCode ?? null },
    cause: error,
    ...(classified === streamed ? { until: after(context.now, streamingBufferSpan) } : {}),
  });
}
