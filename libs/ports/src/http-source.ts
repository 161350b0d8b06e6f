/** What a scraper asks: the catalogue's source and endpoint, and its parameters as the source's API names them. */
export interface SourceRequest {
  readonly scraper: string;
  /** Path below the source's base address, without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface SourceResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * One external data source over HTTP. Answers with any status below 500 except 429; timeouts, 429 and 5xx
 * are errors after the adapter's own bounded retries: `source-unavailable`, `source-rate-limited` (retry),
 * `source-blocked` (defer).
 */
export interface HttpSource {
  fetch(request: SourceRequest): Promise<SourceResponse>;
}
