import { PipelineError } from '@handoff/contracts';
import type { StateDocument, StateQuery, StateRef, StateStore, StateWrite, VersionedDocument } from '@handoff/ports';
import type { Database } from 'lmdb';
import type { EmbeddedEnvironment } from './environment.ts';
import { compareDocuments, matches } from './query.ts';

interface StoredDocument {
  readonly version: number;
  readonly value: StateDocument;
}

type Key = [collection: string, id: string];

/** Above any id in the order of lmdb's keys, so that a range ends with its collection. */
const lastId = '￿';
const attemptsDefault = 5;

/** The state store on lmdb: one process, serialised writes, so a precondition is checked where it is used. */
export class EmbeddedStateStore implements StateStore {
  readonly #environment: EmbeddedEnvironment;
  readonly #documents: Database<StoredDocument, Key>;

  constructor(environment: EmbeddedEnvironment) {
    this.#environment = environment;
    this.#documents = environment.root.openDB<StoredDocument, Key>({ name: 'state', encoding: 'json' });
  }

  get<Value extends StateDocument>(ref: StateRef): Promise<VersionedDocument<Value> | undefined> {
    return Promise.resolve(this.#read(ref) as VersionedDocument<Value> | undefined);
  }

  create(ref: StateRef, value: StateDocument): Promise<void> {
    return this.batch([{ kind: 'create', ref, value }]);
  }

  update(ref: StateRef, value: StateDocument, expectedVersion: string): Promise<void> {
    return this.batch([{ kind: 'update', ref, value, expectedVersion }]);
  }

  async batch(writes: readonly StateWrite[]): Promise<void> {
    if (writes.length > 500) throw refusedBatch(writes.length);
    const refusal = await this.#environment.commit(() => this.#apply(writes));
    if (refusal !== undefined) throw refusal;
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
      const refusal = await this.#environment.commit(() => (this.#haveChanged(reads, documents) ? 'changed' : this.#apply(writes)));
      if (refusal === undefined) return result;
      if (refusal !== 'changed') throw refusal;
    }
    throw conflict(reads[0] ?? { collection: '', id: '' }, `changed during each of ${attemptsMax} attempts`);
  }

  query<Value extends StateDocument>(query: StateQuery): Promise<readonly VersionedDocument<Value>[]> {
    const found: VersionedDocument[] = [];
    for (const { key, value } of this.#documents.getRange({ start: [query.collection, ''], end: [query.collection, lastId] })) {
      if (matches(value.value, query.where ?? [])) found.push({ ref: { collection: key[0], id: key[1] }, value: value.value, version: String(value.version) });
    }
    if (query.orderBy !== undefined) found.sort(compareDocuments(query.orderBy));
    return Promise.resolve((query.limit === undefined ? found : found.slice(0, query.limit)) as unknown as readonly VersionedDocument<Value>[]);
  }

  async increment(ref: StateRef, field: string, by: number): Promise<void> {
    await this.#environment.commit(() => {
      const stored = this.#documents.get([ref.collection, ref.id]);
      const current = stored?.value[field];
      this.#write(ref, { ...stored?.value, [field]: (typeof current === 'number' ? current : 0) + by });
    });
  }

  #read(ref: StateRef): VersionedDocument | undefined {
    const stored = this.#documents.get([ref.collection, ref.id]);
    return stored === undefined ? undefined : { ref, value: stored.value, version: String(stored.version) };
  }

  #haveChanged(refs: readonly StateRef[], documents: readonly (VersionedDocument | undefined)[]): boolean {
    return refs.some((ref, index) => this.#read(ref)?.version !== documents[index]?.version);
  }

  /** Checks every precondition before the first write: a transaction that has begun to write is never taken back. */
  #apply(writes: readonly StateWrite[]): PipelineError | undefined {
    const created = new Set<string>();
    for (const write of writes) {
      const refusal = this.#refusalOf(write, created);
      if (refusal !== undefined) return refusal;
    }
    for (const write of writes) {
      if (write.kind === 'delete') void this.#documents.remove([write.ref.collection, write.ref.id]);
      else this.#write(write.ref, write.value);
    }
    return undefined;
  }

  #refusalOf(write: StateWrite, created: Set<string>): PipelineError | undefined {
    const stored = this.#documents.get([write.ref.collection, write.ref.id]);
    if (write.kind === 'create') {
      const name = `${write.ref.collection}/${write.ref.id}`;
      if (stored !== undefined || created.has(name)) return alreadyExists(write.ref);
      created.add(name);
    }
    if (write.kind === 'update') {
      if (stored === undefined) return notFound(write.ref);
      if (String(stored.version) !== write.expectedVersion) return conflict(write.ref, `is at version ${stored.version}, not ${write.expectedVersion}`);
    }
    return undefined;
  }

  #write(ref: StateRef, value: StateDocument): void {
    const key: Key = [ref.collection, ref.id];
    void this.#documents.put(key, { version: (this.#documents.get(key)?.version ?? 0) + 1, value });
  }
}

const nameOf = (ref: StateRef): string => `${ref.collection}/${ref.id}`;

const alreadyExists = (ref: StateRef): PipelineError =>
  new PipelineError({ code: 'state-already-exists', disposition: 'retry', message: `document ${nameOf(ref)} exists already`, facts: { document: nameOf(ref) } });

const notFound = (ref: StateRef): PipelineError =>
  new PipelineError({ code: 'state-not-found', disposition: 'retry', message: `document ${nameOf(ref)} does not exist`, facts: { document: nameOf(ref) } });

const conflict = (ref: StateRef, detail: string): PipelineError =>
  new PipelineError({ code: 'state-version-conflict', disposition: 'retry', message: `document ${nameOf(ref)} ${detail}`, facts: { document: nameOf(ref) } });

const refusedBatch = (count: number): PipelineError =>
  new PipelineError({ code: 'state-batch-too-large', disposition: 'reject', message: `a batch of ${count} writes is over the limit of 500: split it`, facts: { count } });
