/** A JSON document. `undefined` fields are dropped, as in JSON. */
export type StateDocument = Readonly<Record<string, unknown>>;

/** Names one document. Both parts may hold any characters but `/`, and are at most 500 bytes in UTF-8. */
export interface StateRef {
  readonly collection: string;
  readonly id: string;
}

/** A document with the version that an `update` may expect. Versions are opaque, and never come back: not after a delete either. */
export interface VersionedDocument<Value extends StateDocument = StateDocument> {
  readonly ref: StateRef;
  readonly value: Value;
  readonly version: string;
}

export type StateWrite =
  | { readonly kind: 'create'; readonly ref: StateRef; readonly value: StateDocument }
  | { readonly kind: 'update'; readonly ref: StateRef; readonly value: StateDocument; readonly expectedVersion: string }
  | { readonly kind: 'set'; readonly ref: StateRef; readonly value: StateDocument }
  | { readonly kind: 'delete'; readonly ref: StateRef };

export interface StateFilter {
  readonly field: string;
  readonly operator: '==' | '<' | '<=' | '>' | '>=' | 'in';
  readonly value: string | number | boolean | null | readonly (string | number)[];
}

export interface StateQuery {
  readonly collection: string;
  readonly where?: readonly StateFilter[];
  readonly orderBy?: { readonly field: string; readonly direction: 'asc' | 'desc' };
  readonly limit?: number;
}

/**
 * Small durable documents: decisions, completions, releases, claims, outbox. Whatever must happen once is
 * a `create` of a document with a deterministic id, never read-then-write.
 *
 * What a call has acknowledged survives a crash of the process. Reads see all acknowledged writes.
 * Errors are PipelineErrors: `state-already-exists`, `state-version-conflict`, `state-not-found` (all three
 * `retry`: the caller that expects them catches them by code), `state-unavailable` (retry),
 * `state-permission-denied` (defer), `state-ref-invalid` and `state-batch-too-large` (reject).
 */
export interface StateStore {
  get<Value extends StateDocument>(ref: StateRef): Promise<VersionedDocument<Value> | undefined>;

  /** @throws `state-already-exists`: exactly one of any number of racing creators wins. */
  create(ref: StateRef, value: StateDocument): Promise<void>;

  /** Replaces the document if it is still at `expectedVersion`. @throws `state-version-conflict`, `state-not-found`. */
  update(ref: StateRef, value: StateDocument, expectedVersion: string): Promise<void>;

  /**
   * All writes or none; at most 500. The first precondition that does not hold decides the error. Each write
   * sees those before it: a document that is deleted and then created is there, one that is created twice is an error.
   */
  batch(writes: readonly StateWrite[]): Promise<void>;

  /**
   * Reads, then writes what `decide` returns if nothing that was read has changed meanwhile; else runs
   * `decide` again, at most `attemptsMax` times (5). Prefer `create`: this is slow under contention.
   */
  transact<Result>(
    reads: readonly StateRef[],
    decide: (documents: readonly (VersionedDocument | undefined)[]) => { readonly writes: readonly StateWrite[]; readonly result: Result },
    options?: { readonly attemptsMax?: number },
  ): Promise<Result>;

  /**
   * Ordered by `orderBy`, then by id; without `orderBy` by id, in the order of its UTF-8 bytes. Documents that
   * lack a filtered field, or the one that orders, do not match.
   *
   * @throws `state-index-missing` (defer) where it needs a composite index that the catalogue does not declare.
   */
  query<Value extends StateDocument>(query: StateQuery): Promise<readonly VersionedDocument<Value>[]>;

  /** Adds to a numeric field without a read; creates document and field at 0 where absent. */
  increment(ref: StateRef, field: string, by: number): Promise<void>;
}
