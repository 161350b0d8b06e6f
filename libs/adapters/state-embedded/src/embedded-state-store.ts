import { batchWritesMax, refuseWithoutIndex, stateRefusals, type CompositeIndex, type StateDocument, type StateQuery, type StateRef, type StateStore, type StateWrite, type VersionedDocument } from '@handoff/ports';
import type { PipelineError } from '@handoff/contracts';
import type { Database } from 'lmdb';
import type { EmbeddedEnvironment } from './environment.ts';
import { idOf, keyOf, rangeOf, utf8Keys } from './keys.ts';
import { compareDocuments, matches } from './query.ts';

interface StoredDocument {
  /** The number of the transaction that wrote it: never given twice, not even to a document that was deleted meanwhile. */
  readonly version: number;
  readonly value: StateDocument;
}

/** What a batch makes of the documents that it touches; `undefined` for one that it deletes. */
type Planned = Map<string, StoredDocument | undefined>;

type Attempt = { readonly kind: 'done' | 'changed' } | { readonly kind: 'refused'; readonly refusal: PipelineError };

/** Named, since lmdb's types leave the key encoder out of what a database may be opened with. */
const documentsOptions = { name: 'state', encoding: 'json', keyEncoder: utf8Keys } as const;
const attemptsDefault = 5;

/** The state store on lmdb: one process, serialised writes, so a precondition is checked where it is used. */
export class EmbeddedStateStore implements StateStore {
  readonly #environment: EmbeddedEnvironment;
  readonly #documents: Database<StoredDocument, string>;
  readonly #indexes: readonly CompositeIndex[] | undefined;

  /**
   * @param indexes - where given, a query that needs another one is refused: lmdb needs none, and what runs on it
   *   today has to run on Firestore.
   */
  constructor(environment: EmbeddedEnvironment, indexes?: readonly CompositeIndex[]) {
    this.#environment = environment;
    this.#indexes = indexes;
    this.#documents = environment.root.openDB<StoredDocument, string>(documentsOptions);
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
    const result = await this.#environment.commit(() => this.#apply(writes));
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
      const outcome = await this.#environment.commit((): Attempt => (this.#haveChanged(reads, documents) ? { kind: 'changed' } : this.#apply(writes)));
      if (outcome.kind === 'done') return result;
      if (outcome.kind === 'refused') throw outcome.refusal;
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
    for (const { key, value: stored } of this.#documents.getRange(rangeOf(query.collection))) {
      // In order of id already: without another order the first ones are the answer.
      if (query.orderBy === undefined && found.length >= limit) break;
      if (matches(stored.value, query)) found.push({ ref: { collection: query.collection, id: idOf(key) }, value: stored.value, version: String(stored.version) });
    }
    // The sort is stable, so documents that are equal stay in order of id.
    if (query.orderBy !== undefined) found.sort(compareDocuments(query.orderBy));
    return found.slice(0, limit);
  }

  async increment(ref: StateRef, field: string, by: number): Promise<void> {
    const key = keyOf(ref);
    await this.#environment.commit(() => {
      const value = this.#documents.get(key)?.value;
      const current = value?.[field];
      this.#documents.putSync(key, { version: this.#transaction(), value: { ...value, [field]: (typeof current === 'number' ? current : 0) + by } });
    });
  }

  #transaction(): number {
    return this.#environment.root.getWriteTxnId();
  }

  #read(ref: StateRef): VersionedDocument | undefined {
    this.#environment.assertOpen();
    const stored = this.#documents.get(keyOf(ref));
    return stored === undefined ? undefined : { ref, value: stored.value, version: String(stored.version) };
  }

  #haveChanged(refs: readonly StateRef[], documents: readonly (VersionedDocument | undefined)[]): boolean {
    return refs.some((ref, index) => this.#read(ref)?.version !== documents[index]?.version);
  }

  /** Checks every precondition before the first write: the transaction is shared, and is not taken back for one refusal. */
  #apply(writes: readonly StateWrite[]): Attempt {
    if (writes.length > batchWritesMax) return { kind: 'refused', refusal: stateRefusals.batchTooLarge(writes.length) };
    const version = this.#transaction();
    const planned: Planned = new Map();
    for (const write of writes) {
      const key = keyOf(write.ref);
      const refusal = refusalOf(write, planned.has(key) ? planned.get(key) : this.#documents.get(key), version);
      if (refusal !== undefined) return { kind: 'refused', refusal };
      planned.set(key, write.kind === 'delete' ? undefined : { version, value: write.value });
    }
    for (const [key, stored] of planned) {
      if (stored === undefined) this.#documents.removeSync(key);
      else this.#documents.putSync(key, stored);
    }
    return { kind: 'done' };
  }
}

/** A write sees those before it in its batch: a document that one of them has written is no longer at a version that a caller can know. */
function refusalOf(write: StateWrite, stored: StoredDocument | undefined, version: number): PipelineError | undefined {
  if (write.kind === 'create') return stored === undefined ? undefined : stateRefusals.exists(write.ref);
  if (write.kind !== 'update') return undefined;
  if (stored === undefined) return stateRefusals.missing(write.ref);
  if (stored.version !== version && String(stored.version) === write.expectedVersion) return undefined;
  return stateRefusals.conflict(write.ref, `is at version ${stored.version}, not ${write.expectedVersion}`);
}
