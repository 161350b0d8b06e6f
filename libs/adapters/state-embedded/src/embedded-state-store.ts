import type { StateDocument, StateQuery, StateRef, StateStore, StateWrite, VersionedDocument } from '@handoff/ports';
import type { PipelineError } from '@handoff/contracts';
import { DocumentCache } from './document-cache.ts';
import type { EmbeddedTable } from './embedded-table.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { alreadyExists, batchTooLarge, conflict, notFound } from './errors.ts';
import { collectionOf, idOf, keyOf, rangeOf, refuseBadRef } from './keys.ts';
import { compareDocuments, matches } from './query.ts';
import { StoredDocument } from './stored-document.ts';

/** What a batch makes of the documents that it touches; `undefined` for one that it deletes. */
type Planned = Map<string, StoredDocument | undefined>;

type Attempt = { readonly kind: 'done' | 'changed' } | { readonly kind: 'refused'; readonly refusal: PipelineError };

const attemptsDefault = 5;
const writesMax = 500;

interface Documents {
  readonly table: EmbeddedTable<string, StoredDocument>;
  readonly cache: DocumentCache;
}

/** One table and one cache for all stores on one environment. */
const documentsOf = new WeakMap<EmbeddedEnvironment, Documents>();

function openDocuments(environment: EmbeddedEnvironment): Documents {
  const table = environment.table<string, StoredDocument>({
    name: 'state', keys: 'text', partOf: collectionOf, encode: (document) => document.encode(), decode: (text) => StoredDocument.decode(text),
    onCommitted: (changes) => { for (const [key, document] of changes) cache.put(collectionOf(key), idOf(key), document); },
  });
  const cache = new DocumentCache({
    read: (collection, id) => table.committed(`${collection}/${id}`),
    *readAll(collection) { for (const { key, value } of table.committedPart(collection, rangeOf(collection))) yield [idOf(key), value]; },
  });
  return { table, cache };
}

/** The state store on lmdb: one process, serialised writes, so a precondition is checked where it is used. */
export class EmbeddedStateStore implements StateStore {
  readonly #environment: EmbeddedEnvironment;
  readonly #documents: EmbeddedTable<string, StoredDocument>;
  readonly #cache: DocumentCache;

  constructor(environment: EmbeddedEnvironment) {
    this.#environment = environment;
    const opened = documentsOf.get(environment) ?? openDocuments(environment);
    documentsOf.set(environment, opened);
    this.#documents = opened.table;
    this.#cache = opened.cache;
  }

  get<Value extends StateDocument>(ref: StateRef): Promise<VersionedDocument<Value> | undefined> {
    return new Promise((resolve) => { resolve(this.#read(ref) as VersionedDocument<Value> | undefined); });
  }

  create(ref: StateRef, value: StateDocument): Promise<void> {
    return this.batch([{ kind: 'create', ref, value }]);
  }

  update(ref: StateRef, value: StateDocument, expectedVersion: string): Promise<void> {
    return this.batch([{ kind: 'update', ref, value, expectedVersion }]);
  }

  async batch(writes: readonly StateWrite[]): Promise<void> {
    const encoded = encode(writes);
    const result = await this.#environment.commit(() => this.#apply(encoded));
    if (result.kind === 'refused') throw result.refusal;
  }

  async transact<Result>(
    reads: readonly StateRef[],
    decide: (documents: readonly (VersionedDocument | undefined)[]) => { readonly writes: readonly StateWrite[]; readonly result: Result },
    options: { readonly attemptsMax?: number } = {},
  ): Promise<Result> {
    const attemptsMax = options.attemptsMax ?? attemptsDefault;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const documents = reads.map((ref) => this.#read(ref));
      const { writes, result } = decide(documents);
      // What was read was read at one moment: with nothing to write there is nothing that could come in between.
      if (writes.length === 0) return result;
      const encoded = encode(writes);
      const outcome = await this.#environment.commit((): Attempt => (this.#haveChanged(reads, documents) ? { kind: 'changed' } : this.#apply(encoded)));
      if (outcome.kind === 'done') return result;
      if (outcome.kind === 'refused') throw outcome.refusal;
    }
    throw conflict(reads[0] ?? { collection: '', id: '' }, `changed during each of ${attemptsMax} attempts`);
  }

  query<Value extends StateDocument>(query: StateQuery): Promise<readonly VersionedDocument<Value>[]> {
    return new Promise((resolve) => { resolve(this.#found(query) as unknown as readonly VersionedDocument<Value>[]); });
  }

  #found(query: StateQuery): readonly VersionedDocument[] {
    this.#environment.assertOpen();
    const limit = query.limit ?? Infinity;
    const found: VersionedDocument[] = [];
    for (const [id, stored] of this.#cache.all(query.collection)) {
      // In order of id already: without another order the first ones are the answer.
      if (query.orderBy === undefined && found.length >= limit) break;
      if (matches(stored.value, query)) found.push({ ref: { collection: query.collection, id }, value: stored.value, version: String(stored.version) });
    }
    // The sort is stable, so documents that are equal stay in order of id.
    if (query.orderBy !== undefined) found.sort(compareDocuments(query.orderBy));
    return found.length > limit ? found.slice(0, limit) : found;
  }

  async increment(ref: StateRef, field: string, by: number): Promise<void> {
    const key = keyOf(ref);
    await this.#environment.commit(() => {
      const value = this.#current(key)?.value;
      const current = value?.[field];
      this.#documents.write(key, StoredDocument.of(this.#environment.group, { ...value, [field]: (typeof current === 'number' ? current : 0) + by }));
    });
  }

  /** For works: what those before have written, else what is committed. */
  #current(key: string): StoredDocument | undefined {
    return this.#documents.isWritten(key) ? this.#documents.current(key) : this.#cache.get(collectionOf(key), idOf(key));
  }

  #read(ref: StateRef): VersionedDocument | undefined {
    this.#environment.assertOpen();
    refuseBadRef(ref);
    const stored = this.#cache.get(ref.collection, ref.id);
    return stored === undefined ? undefined : { ref, value: stored.value, version: String(stored.version) };
  }

  #haveChanged(refs: readonly StateRef[], documents: readonly (VersionedDocument | undefined)[]): boolean {
    return refs.some((ref, index) => {
      const current = this.#current(keyOf(ref))?.version;
      return (current === undefined ? undefined : String(current)) !== documents[index]?.version;
    });
  }

  /** Checks every precondition before the first write: the transaction is shared, and is not taken back for one refusal. */
  #apply(writes: readonly EncodedWrite[]): Attempt {
    if (writes.length > writesMax) return { kind: 'refused', refusal: batchTooLarge(writes.length) };
    const version = this.#environment.group;
    const planned: Planned = new Map();
    for (const { write, text } of writes) {
      const key = keyOf(write.ref);
      const refusal = refusalOf(write, planned.has(key) ? planned.get(key) : this.#current(key), version);
      if (refusal !== undefined) return { kind: 'refused', refusal };
      planned.set(key, text === undefined ? undefined : new StoredDocument(version, text));
    }
    for (const [key, stored] of planned) this.#documents.write(key, stored);
    return { kind: 'done' };
  }
}

/** A write as it was when it was asked for: the JSON of its document; a deletion has none. */
interface EncodedWrite {
  readonly write: StateWrite;
  readonly text: string | undefined;
}

const encode = (writes: readonly StateWrite[]): readonly EncodedWrite[] => writes.map((write) => ({ write, text: write.kind === 'delete' ? undefined : JSON.stringify(write.value) }));

/** A write sees those before it in its batch: a document that one of them has written is no longer at a version that a caller can know. */
function refusalOf(write: StateWrite, stored: StoredDocument | undefined, version: number): PipelineError | undefined {
  if (write.kind === 'create') return stored === undefined ? undefined : alreadyExists(write.ref);
  if (write.kind !== 'update') return undefined;
  if (stored === undefined) return notFound(write.ref);
  if (stored.version !== version && String(stored.version) === write.expectedVersion) return undefined;
  return conflict(write.ref, `is at version ${stored.version}, not ${write.expectedVersion}`);
}
