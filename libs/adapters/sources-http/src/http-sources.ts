import { scraperNamed, type Source } from '@handoff/catalogue';
import { attempted } from '@handoff/attempts';
import { after, seconds, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Clock, HttpSource, Random, SourceRequest, SourceResponse } from '@handoff/ports';
import { BodyTooLarge, PooledClient } from './pooled-client.ts';
import { retryAfter } from './retry-after.ts';
import { faultOfStatus, overLimit, SourceFault, withoutAnswer, wrongContentType, type Asked } from './source-faults.ts';
import type { SourceKeys } from './source-keys.ts';

/** How patient we are with a source. */
export interface SourceLimits {
  readonly attemptsMax: number;
  readonly firstWait: DurationMs;
  /** The longest that a Retry-After is waited for in place; a longer one is the message's to wait for. */
  readonly retryAfterMax: DurationMs;
  /** Of one attempt. */
  readonly requestTimeout: DurationMs;
  /** Of all attempts and the waits between them: no attempt begins after it. */
  readonly totalTimeout: DurationMs;
  readonly bytesMax: number;
}

/**
 * Four attempts with waits of 0.5, 1 and 2 s, as the earlier system had, well within the 540 s of a function. The
 * longest answer that is known, a season's schedule, is 4 MB.
 */
export const defaultLimits: SourceLimits = {
  attemptsMax: 4, firstWait: seconds(0.5), retryAfterMax: seconds(30), requestTimeout: seconds(20), totalTimeout: seconds(90), bytesMax: 32 * 1024 * 1024,
};

export interface HttpSourcesOptions {
  readonly sources: readonly Source[];
  readonly keys: SourceKeys;
  readonly clock: Clock;
  readonly random: Random;
  /** How the time between attempts is spent. */
  readonly wait: (span: DurationMs) => Promise<void>;
  readonly limits?: Partial<SourceLimits>;
}

/**
 * The sources of the catalogue over HTTP: one pool of connections for each, made with its first request. All fast
 * repetition of a source's requests is here; what lasts longer is redelivered, and then the breaker's.
 *
 * Errors beside the port's: `source-payload-too-large` (defer), `source-not-json` (retry).
 */
export class HttpSources implements HttpSource {
  readonly #options: HttpSourcesOptions;
  readonly #limits: SourceLimits;
  readonly #clients = new Map<string, PooledClient>();

  constructor(options: HttpSourcesOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  async fetch(request: SourceRequest): Promise<SourceResponse> {
    const { clock, random, wait } = this.#options;
    const { attemptsMax, firstWait, totalTimeout, retryAfterMax } = this.#limits;
    const source = this.#sourceOf(request);
    const until = after(clock.now(), totalTimeout);
    const attempts = { attemptsMax, firstWaitMs: firstWait, wait, random: () => random.next(), waitAsked };
    try {
      return await attempted(attempts, (error) => isWorthWaiting(error, { now: clock.now(), until, retryAfterMax }), () => this.#get(source, request));
    } catch (error) {
      throw error instanceof SourceFault ? error.error : error;
    }
  }

  /** Closes the connections that are kept open. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  async #get(source: Source, { scraper, path, query }: SourceRequest): Promise<SourceResponse> {
    const asked: Asked = { source: source.id, scraper, path };
    const { clock, keys } = this.#options;
    const { url, headers } = addressOf(source, { path, query }, keys.get(source.id));
    const { requestTimeout, bytesMax } = this.#limits;
    try {
      const answer = await this.#clientOf(source).get(url, {
        headers, timeout: requestTimeout, bytesMax,
        check: (status, head) => {
          const fault = faultOfStatus(asked, status, retryAfter(head['retry-after'], clock.now())) ?? (status === 200 && !isJson(head['content-type']) ? wrongContentType(asked, head['content-type'] ?? '') : undefined);
          if (fault !== undefined) throw fault;
        },
      });
      return { status: answer.status, contentType: answer.headers['content-type'] ?? '', body: answer.body };
    } catch (error) {
      throw asFault(error, asked, bytesMax);
    }
  }

  #clientOf({ id, baseUrl }: Source): PooledClient {
    const known = this.#clients.get(id) ?? new PooledClient(baseUrl);
    this.#clients.set(id, known);
    return known;
  }

  /** @throws RangeError for a scraper that is not in the catalogue, or whose source is not one of these. */
  #sourceOf({ scraper }: SourceRequest): Source {
    const { source: id } = scraperNamed(scraper);
    const source = this.#options.sources.find((candidate) => candidate.id === id);
    if (source === undefined) throw new RangeError(`scraper ${scraper} asks ${id}, which is not among the sources`);
    return source;
  }
}

const waitAsked = (error: unknown): DurationMs | undefined => (error instanceof SourceFault ? error.retryAfter : undefined);

/** A wait that would end after the whole time, or that is too long to be spent here, is not begun. */
function isWorthWaiting(error: unknown, { now, until, retryAfterMax }: { readonly now: EpochMs; readonly until: EpochMs; readonly retryAfterMax: DurationMs }): boolean {
  if (!(error instanceof SourceFault) || !error.isTransient) return false;
  const wait = error.retryAfter ?? seconds(0);
  return wait <= retryAfterMax && after(now, wait) < until;
}

const isJson = (contentType: string | undefined): boolean => /^[^;]*\bjson\b/i.test(contentType ?? '');

function addressOf(source: Source, { path, query }: Pick<SourceRequest, 'path' | 'query'>, key: string | undefined): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
  const url = new URL(`${source.baseUrl}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (source.secret !== undefined && key !== undefined) {
    if ('header' in source.secret) headers[source.secret.header] = key;
    else url.searchParams.set(source.secret.parameter, key);
  }
  return { url, headers };
}

/** What Node throws for a connection, its end or its bytes is an error with a code; a TypeError with one is a bug. */
function asFault(error: unknown, asked: Asked, bytesMax: number): unknown {
  if (error instanceof SourceFault) return error;
  if (error instanceof BodyTooLarge) return overLimit(asked, bytesMax);
  return error instanceof Error && !(error instanceof TypeError) && 'code' in error ? withoutAnswer(asked, error) : error;
}
