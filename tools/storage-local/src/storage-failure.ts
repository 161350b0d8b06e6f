import { hasCode } from '@handoff/contracts';
import { GoogleFailure, type Answer } from '@handoff/loopback-http';

/** The answer that carries an error. */
export const storageFailure = (status: number, reason: string, message: string): Answer => ({
  status, json: { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } },
});

/** The answer for an error of a route or of the files beneath it. One that is neither is a bug of this tool: 500, with its text. */
export function answerFor(error: unknown): Answer {
  if (error instanceof GoogleFailure) return storageFailure(error.status, error.reason, error.message);
  const message = error instanceof Error ? error.message : String(error);
  if (hasCode(error, 'object-path-invalid')) return storageFailure(400, 'invalid', message);
  if (hasCode(error, 'objects-full')) return storageFailure(503, 'backendError', message);
  return storageFailure(500, 'internalError', error instanceof Error ? (error.stack ?? message) : message);
}
