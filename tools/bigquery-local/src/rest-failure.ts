import { PipelineError } from '@handoff/contracts';
import type { Answer } from '@handoff/loopback-http';

/** An error as the REST interface tells it: the HTTP status, and a reason from BigQuery's error table. */
export class RestFailure extends Error {
  override readonly name = 'RestFailure';
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export const notFound = (what: string): RestFailure => new RestFailure(404, 'notFound', `Not found: ${what}`);

export const alreadyExists = (what: string): RestFailure => new RestFailure(409, 'duplicate', `Already Exists: ${what}`);

export const invalid = (message: string): RestFailure => new RestFailure(400, 'invalid', message);

/** Something that BigQuery can do and this cannot. */
export const notHere = (what: string): RestFailure => new RestFailure(501, 'notImplemented', `bigquery-local does not have ${what}: see docs/local-google.md`);

/** What the REST interface calls one error. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

export const errorProto = ({ reason, message }: RestFailure): ErrorProto => ({ reason, message, ...(reason === 'invalidQuery' ? { location: 'query' } : {}) });

/** The answer that carries an error. */
export const failureAnswer = (status: number, reason: string, message: string): Answer => ({
  status,
  json: { error: { code: status, message, status: statusWords[status] ?? 'UNKNOWN', errors: [{ message, domain: 'global', reason }] } },
});

const statusWords: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 409: 'ALREADY_EXISTS', 412: 'FAILED_PRECONDITION', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL',
  501: 'UNIMPLEMENTED', 503: 'UNAVAILABLE',
};

/** An error of the engine or of a route in BigQuery's words. One that is neither is a bug of this tool: 500, with its text. */
export function restFailure(error: unknown, doing: string): RestFailure {
  if (error instanceof RestFailure) return error;
  if (!(error instanceof PipelineError)) return new RestFailure(500, 'internalError', error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = error.message.startsWith(`${doing}: `) ? error.message.slice(doing.length + 2) : error.message;
  switch (error.code) {
    case 'warehouse-table-missing':
      return notFound(`Table ${String(error.facts['table'] ?? '')}`);
    case 'warehouse-streaming-buffer':
      // The engine adds when the rows leave the buffer; BigQuery does not say.
      return new RestFailure(400, 'invalidQuery', message.split(';')[0] ?? message);
    case 'warehouse-statement-refused':
    case 'warehouse-schema-mismatch':
      return new RestFailure(400, 'invalidQuery', message);
    default:
      return new RestFailure(503, 'backendError', message);
  }
}
