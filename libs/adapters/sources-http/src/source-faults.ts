import { PipelineError, type DurationMs, type ErrorCode, type ErrorFacts } from '@handoff/contracts';

/** What is asked of which source; never the address itself, which may hold a key. */
export interface Asked {
  readonly source: string;
  readonly scraper: string;
  readonly path: string;
}

/** A request that got no answer to use. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly error: PipelineError;
  /** True where the same request may succeed within seconds. */
  readonly isTransient: boolean;
  readonly retryAfter: DurationMs | undefined;

  constructor(error: PipelineError, { isTransient = false, retryAfter }: { readonly isTransient?: boolean; readonly retryAfter?: DurationMs | undefined } = {}) {
    super(error.message, { cause: error });
    this.error = error;
    this.isTransient = isTransient;
    this.retryAfter = retryAfter;
  }
}

interface Fault {
  readonly code: ErrorCode;
  readonly says: string;
}

const unavailable: Fault = { code: 'source-unavailable', says: 'gave no answer' };
const rateLimited: Fault = { code: 'source-rate-limited', says: 'is asked too often' };
const blocked: Fault = { code: 'source-blocked', says: 'refuses us: look at its key, its terms and our rate' };
const tooLarge: Fault = { code: 'source-payload-too-large', says: 'answers more than we take: look at the answer before the limit is raised' };
const notJson: Fault = { code: 'source-not-json', says: 'answers something other than JSON' };

function errorOf({ code, says }: Fault, asked: Asked, { facts, cause }: { readonly facts?: ErrorFacts; readonly cause?: unknown }): PipelineError {
  return new PipelineError({ code, message: `${asked.scraper}: ${asked.source} ${says} on ${asked.path}`, facts: { ...asked, ...facts }, ...(cause === undefined ? {} : { cause }) });
}

/** Connection refused, reset or cut, a name that does not resolve, an answer that takes too long. */
export const withoutAnswer = (asked: Asked, cause: unknown): SourceFault => new SourceFault(errorOf(unavailable, asked, { cause }), { isTransient: true });

/** By status; undefined for an answer that the caller judges. */
export function faultOfStatus(asked: Asked, status: number, waitAsked: DurationMs | undefined): SourceFault | undefined {
  const facts = { status, retryAfterMs: waitAsked ?? null };
  if (status === 429) return new SourceFault(errorOf(rateLimited, asked, { facts }), { isTransient: true, retryAfter: waitAsked });
  if (status === 408 || status >= 500) return new SourceFault(errorOf(unavailable, asked, { facts }), { isTransient: true, retryAfter: waitAsked });
  // All scrapers of a source wait behind one probe: it is the source that refuses.
  if (status === 401 || status === 403) return new SourceFault(errorOf(blocked, asked, { facts: { ...facts, resource: asked.source } }));
  return undefined;
}

/** Asked again at once, the answer would be as long. */
export const overLimit = (asked: Asked, bytesMax: number): SourceFault => new SourceFault(errorOf(tooLarge, asked, { facts: { bytesMax } }));

/** A page for people, as sources show while they are being mended: not asked again within seconds. */
export const wrongContentType = (asked: Asked, contentType: string): SourceFault => new SourceFault(errorOf(notJson, asked, { facts: { contentType } }));
