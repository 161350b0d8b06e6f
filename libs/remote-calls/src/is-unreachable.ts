/** What the operating system says of a connection that was not made, or broke, and the names that a request's own time-out has. */
const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'UND_ERR_CONNECT_TIMEOUT', 'TimeoutError', 'AbortError',
]);

/** As deep as errors wrap each other: the library's, its request's, the operating system's, and one to spare. */
const causesMax = 4;

/**
 * True for an error that says that somebody could not be reached, or had no answer (HTTP 408, 429 and 5xx), and not what
 * was answered. Looks into what the error was caused by.
 */
export function isUnreachable(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < causesMax && at instanceof Error; depth += 1) {
    if (saysSo(at)) return true;
    at = at.cause;
  }
  return false;
}

function saysSo(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  if (connectionCodes.has(error.name) || (typeof code === 'string' && connectionCodes.has(code))) return true;
  const status = 'status' in error ? error.status : code;
  return typeof status === 'number' && (status === 408 || status === 429 || (status >= 500 && status < 600));
}
