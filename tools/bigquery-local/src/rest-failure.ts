import { PipelineError } from '@handoff/contracts';
import { GoogleFailure, type Answer } from '@handoff/loopback-http';

export const notFound = (what: string): GoogleFailure => new GoogleFailure(404, 'notFound', `Not found: ${what}`);

export const alreadyExists = (what: string): GoogleFailure => new GoogleFailure(409, 'duplicate', `Already Exists: ${what}`);

export const invalid = (message: string): GoogleFailure => new GoogleFailure(400, 'invalid', message);

/** Something that BigQuery can do and this cannot. */
export const notHere = (what: string): GoogleFailure => new GoogleFailure(501, 'notImplemented', `bigquery-local does not have ${what}: see docs/local-google.md`);

/** What the REST interface calls one error. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

export const errorProto = ({ reason, message }: GoogleFailure): ErrorProto => ({ reason, message, ...(reason === 'invalidQuery' ? { location: 'query' } : {}) });

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
export function restFailure(error: unknown, doing: string): GoogleFailure {
  if (error instanceof GoogleFailure) return error;
  if (!(error instanceof PipelineError)) return new GoogleFailure(500, 'internalError', error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = error.message.startsWith(`${doing}: `) ? error.message.slice(doing.length + 2) : error.message;
  switch (error.code) {
    case 'warehouse-table-missing':
      return notFound(`Table ${String(error.facts['table'] ?? '')}`);
    case 'warehouse-streaming-buffer':
      // The engine adds when the rows leave the buffer; BigQuery does not say.
      return new GoogleFailure(400, 'invalidQuery', message.split(';')[0] ?? message);
    case 'warehouse-statement-refused':
    case 'warehouse-schema-mismatch':
      return new GoogleFailure(400, 'invalidQuery', message);
    default:
      return new GoogleFailure(503, 'backendError', message);
  }
}
