import { batchWritesMax, refuseBadRef, refuseWithoutIndex, stateRefusals, type CompositeIndex, type StateDocument, type StateQuery, type StateRef, type StateStore, type StateWrite, type VersionedDocument } from '@handoff/ports';
import { DocumentCache } from './document-cache.ts';
import type { EmbeddedTable } from './embedded-table.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { collectionOf, idOf, keyOf, rangeOf } from './keys.ts';
import { compareDocuments, matches } from './query.ts';
import { StoredDocument } from './stored-document.ts';

const attemptsDefault = 5;

interface Documents {
  readonly table: EmbeddedTable<string, StoredDocument>;
  readonly cache: DocumentCache;
}

/** One table and one cache for all stores on one environment. */
const documentsOf = new WeakMap<EmbeddedEnvironment, Documents>();

function openDocuments(environment: EmbeddedEnvironment): Documents {
  const table = environment.table<string, StoredDocument>({
    name: 'state', keys: 'text', encode: (document) => document.encode(), decode: (text) => StoredDocument.decode(text),
    onCommitted: (collection, key, document) => { cache.put(collection, idOf(key), document); },
  });
  const cache = new DocumentCache({
    collections: () => collectionsOf(table),
    read: (collection, id) => table.committed(`${collection}/${id}`, collection),
    *readAll(collection) { for (const { key, value } of table.committedPart(collection, rangeOf(collection))) yield [idOf(key), value]; },
  });
  return { table, cache };
}

/** The name of every collection in lmdb: from each, one step over its range to the next. */
function* collectionsOf(table: EmbeddedTable<string, StoredDocument>): Generator<string> {
  for (let key = table.firstStored(''); key !== undefined;) {
    const collection = collectionOf(key);
    yield collection;
    key = table.firstStored(rangeOf(collection).end);
  }
}

/** The state store on lmdb: one process, serialised writes, so a precondition is checked where it is used. */
export class EmbeddedStateStore implements StateStore {
  readonly #environment: EmbeddedEnvironment;
  readonly #documents: EmbeddedTable<string, StoredDocument>;
  readonly #cache: DocumentCache;
  readonly #indexes: readonly CompositeIndex[] | undefined;

  /**
   * @param indexes - where given, a query that needs another one is refused: lmdb needs none, and what runs on it
   *   today has to run on Firestore.
   */
  constructor(environment: EmbeddedEnvironment, indexes?: readonly CompositeIndex[]) {
    this.#environment = environment;
    const opened = documentsOf.get(environment) ?? openDocuments(environment);
    documentsOf.set(environment, opened);
    this.#documents = opened.table;
    this.#cache = opened.cache;
    this.#indexes = indexes;
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
    await this.#environment.commit(() => { this.#apply(encoded); });
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
      const isDone = await this.#environment.commit(() => {
        if (this.#haveChanged(reads, documents)) return false;
        this.#apply(encoded);
        return true;
      });
      if (isDone) return result;
    }
    throw stateRefusals.conflict(reads[0] ?? { collection: '', id: '' }, `changed during each of ${attemptsMax} attempts`);
  }

  query<Value extends StateDocument>(query: StateQuery): Promise<readonly VersionedDocument<Value>[]> {
    return new Promise((resolve) => { resolve(this.#found(query) as unknown as readonly VersionedDocument<Value>[]); });
  }

  #found(query: StateQuery): readonly VersionedDocument[] {
    this.#environment.assertOpen();
    if (this.#indexes !== undefined) refuseWithoutIndex(query, this.#indexes);
    const limit = query.limit ?? Infinity;
    const found: VersionedDocument[] = [];
    for (const [id, stored] of this.#cache.all(query.collection)) {
      // In order of id already: without another order the first ones are the answer.
      if (query.orderBy === undefined && found.length >= limit) break;
      if (matches(stored.value, query)) found.push(stored.readAs({ collection: query.collection, id }));
    }
    // The sort is stable, so documents that are equal stay in order of id.
    if (query.orderBy !== undefined) found.sort(compareDocuments(query.orderBy));
    return found.length > limit ? found.slice(0, limit) : found;
  }

  async increment(ref: StateRef, field: string, by: number): Promise<void> {
    const key = keyOf(ref);
    await this.#environment.commit(() => {
      const value = this.#current(ref, key)?.value;
      const current = value?.[field];
      this.#documents.write(ref.collection, key, StoredDocument.of(this.#environment.group, { ...value, [field]: (typeof current === 'number' ? current : 0) + by }));
    });
  }

  /** For works: what those before have written, else what is committed. */
  #current({ collection, id }: StateRef, key: string): StoredDocument | undefined {
    return this.#documents.isWritten(key) ? this.#documents.written(key) : this.#cache.get(collection, id);
  }

  #read(ref: StateRef): VersionedDocument | undefined {
    this.#environment.assertOpen();
    refuseBadRef(ref);
    const stored = this.#cache.get(ref.collection, ref.id);
    return stored?.readAs(ref);
  }

  #haveChanged(refs: readonly StateRef[], documents: readonly (VersionedDocument | undefined)[]): boolean {
    return refs.some((ref, index) => {
      const current = this.#current(ref, keyOf(ref))?.version;
      return (current === undefined ? undefined : String(current)) !== documents[index]?.version;
    });
  }

  /** Part of a work: a refusal takes back the writes before it. */
  #apply(writes: readonly EncodedWrite[]): void {
    if (writes.length > batchWritesMax) throw stateRefusals.batchTooLarge(writes.length);
    const version = this.#environment.group;
    for (const { write, text } of writes) {
      const key = keyOf(write.ref);
      if (write.kind === 'create' || write.kind === 'update') refuse(write, this.#current(write.ref, key), version);
      this.#documents.write(write.ref.collection, key, text === undefined ? undefined : new StoredDocument(version, text));
    }
  }
}

/** A write as it was when it was asked for: the JSON of its document; a deletion has none. */
interface EncodedWrite {
  readonly write: StateWrite;
  readonly text: string | undefined;
}

const encode = (writes: readonly StateWrite[]): readonly EncodedWrite[] => writes.map((write) => ({ write, text: write.kind === 'delete' ? undefined : JSON.stringify(write.value) }));

/** A write sees those before it in its batch: a document that one of them has written is no longer at a version that a caller can know. */
function refuse(write: Extract<StateWrite, { kind: 'create' | 'update' }>, stored: StoredDocument | undefined, version: number): void {
  if (write.kind === 'create') {
    if (stored !== undefined) throw stateRefusals.exists(write.ref);
    return;
  }
  if (stored === undefined) throw stateRefusals.missing(write.ref);
  if (stored.version === version || String(stored.version) !== write.expectedVersion) throw stateRefusals.conflict(write.ref, `is at version ${stored.version}, not ${write.expectedVersion}`);
}
