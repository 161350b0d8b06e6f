import {
  batchWritesMax, refuseBadRef, refuseWithoutIndex, stateRefusals, type Clock, type CompositeIndex, type DocumentLifetime, type StateDocument, type StateQuery, type StateRef, type StateStore, type StateWrite, type VersionedDocument,
} from '@handoff/ports';
import type { PipelineError } from '@handoff/contracts';
import { asPipelineError } from './errors.ts';
import { Expiry } from './expiry.ts';
import { openFirestoreCalls, type CommitFacts, type FirestoreCalls, type FirestoreDocument, type FirestoreOptions, type FirestoreWrite, type Refusal } from './firestore-calls.ts';
import { firstRefusal, foldWrites, type FoldedWrite, type KnownVersions } from './fold-writes.ts';
import { fieldPathOf, idOf, pathOf } from './names.ts';
import { planList, planQuery } from './structured-query.ts';
import { decodeDocument, encodeDocument, encodeNumber } from './values.ts';

const attemptsDefault = 5;

export interface StoreOptions {
  /** Those that are declared (schemas/firestore): a query that needs another one is refused here, since the emulator, which answers every query, would never tell. */
  readonly indexes: readonly CompositeIndex[];
  /** Collections that have a time-to-live policy (schemas/firestore): each write of a document puts off its end. */
  readonly lifetimes: readonly DocumentLifetime[];
  readonly clock: Clock;
}

/** Opens the state store on Firestore; nothing is called before the first use. */
export function openFirestoreState(options: FirestoreOptions & StoreOptions): FirestoreStateStore {
  return new FirestoreStateStore(openFirestoreCalls(options), options);
}

/**
 * The state store on Firestore. A version is the time of a document's last change, so a write that changes nothing, not
 * even when it expires, leaves it as it is.
 *
 * Nothing here locks: whatever depends on what was read is one commit whose writes carry preconditions, decided
 * again when one does not hold. Of 100 concurrent read-then-write transactions of Firestore's own on one document,
 * 97 were given up after 22 seconds on the emulator; by preconditions all 100 are done in 1.5 to 4.
 */
export class FirestoreStateStore implements StateStore {
  readonly #calls: FirestoreCalls;
  readonly #indexes: readonly CompositeIndex[];
  readonly #expiry: Expiry;

  constructor(calls: FirestoreCalls, { indexes, lifetimes, clock }: StoreOptions) {
    this.#calls = calls;
    this.#indexes = indexes;
    this.#expiry = new Expiry(clock, lifetimes);
  }

  async get<Value extends StateDocument>(ref: StateRef): Promise<VersionedDocument<Value> | undefined> {
    const [document] = await this.#read([ref]);
    return document as VersionedDocument<Value> | undefined;
  }

  create(ref: StateRef, value: StateDocument): Promise<void> {
    return this.batch([{ kind: 'create', ref, value }]);
  }

  update(ref: StateRef, value: StateDocument, expectedVersion: string): Promise<void> {
    return this.batch([{ kind: 'update', ref, value, expectedVersion }]);
  }

  async batch(writes: readonly StateWrite[]): Promise<void> {
    refuseBadWrites(writes);
    if (writes.length === 0) return;
    const folded = foldWrites(writes);
    const refusal = folded === undefined ? undefined : await this.#committed(folded);
    if (folded === undefined || refusal !== undefined) throw await this.#explained(writes, refusal);
  }

  async transact<Result>(
    reads: readonly StateRef[],
    decide: (documents: readonly (VersionedDocument | undefined)[]) => { readonly writes: readonly StateWrite[]; readonly result: Result },
    options: { readonly attemptsMax?: number } = {},
  ): Promise<Result> {
    const attemptsMax = options.attemptsMax ?? attemptsDefault;
    let documents = await this.#read(reads);
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const { writes, result } = decide(documents);
      refuseBadWrites(writes);
      // What was read is of one moment, so without a write there is nothing that could have changed since.
      if (writes.length === 0) return result;
      const folded = foldWrites(writes, knownOf(reads, documents));
      if (folded !== undefined && (await this.#committed(folded)) === undefined) return result;
      const now = await this.#read([...reads, ...writes.map(({ ref }) => ref)]);
      const readAgain = now.slice(0, reads.length);
      if (!areSame(documents, readAgain)) documents = readAgain;
      else throwFirst(writes, now);
    }
    throw stateRefusals.conflict(reads[0] ?? { collection: '', id: '' }, `changed during each of ${attemptsMax} attempts`);
  }

  async query<Value extends StateDocument>(query: StateQuery): Promise<readonly VersionedDocument<Value>[]> {
    refuseBadRef({ collection: query.collection, id: 'any' });
    refuseWithoutIndex(query, this.#indexes);
    const page = planList(query);
    const listed = page === undefined ? undefined : await this.#calls.list(page);
    return (listed === undefined ? await this.#run(query) : found(query, listed)) as unknown as readonly VersionedDocument<Value>[];
  }

  async increment(ref: StateRef, field: string, by: number): Promise<void> {
    const expiry = this.#expiry.ofPart(ref.collection);
    const write: FirestoreWrite = {
      update: { name: this.#nameOf(pathOf(ref)), fields: expiry },
      updateMask: { fieldPaths: Object.keys(expiry) },
      updateTransforms: [{ fieldPath: fieldPathOf(field), increment: encodeNumber(by) }],
    };
    const about: CommitFacts = { collections: [ref.collection], mayRepeatBlindly: false };
    const refusal = await this.#calls.commit([write], about);
    if (refusal !== undefined) throw refusedAltogether(refusal, about);
  }

  /** Waits for what was asked for, then closes the client. */
  close(): Promise<void> {
    return this.#calls.close();
  }

  #nameOf(path: string): string {
    return `${this.#calls.documentsRoot}/${path}`;
  }

  async #read(refs: readonly StateRef[]): Promise<readonly (VersionedDocument | undefined)[]> {
    const names = refs.map((ref) => this.#nameOf(pathOf(ref)));
    if (names.length === 0) return [];
    const documents = await this.#calls.read([...new Set(names)], collectionsOf(refs));
    const byName = new Map(documents.map((document) => [document.name, document]));
    return refs.map((ref, index) => {
      const document = byName.get(names[index]);
      return document === undefined ? undefined : versioned(ref, document);
    });
  }

  /** Why the writes were not made; undefined when they were. */
  async #committed(folded: readonly FoldedWrite[]): Promise<Refusal | undefined> {
    const about: CommitFacts = { collections: collectionsOf(folded.map(({ ref }) => ref)), mayRepeatBlindly: true };
    const refusal = await this.#calls.commit(folded.map((write) => this.#commitWriteOf(write)), about);
    if (refusal !== undefined && folded.every(({ basis }) => basis === undefined)) throw refusedAltogether(refusal, about);
    return refusal;
  }

  #commitWriteOf({ ref, path, basis, becomes }: FoldedWrite): FirestoreWrite {
    const name = this.#nameOf(path);
    const currentDocument = basis === undefined ? {} : { currentDocument: basis.version === undefined ? { exists: false } : { updateTime: timeOf(basis.version) } };
    if (becomes.kind === 'value') return { update: { name, fields: { ...encodeDocument(becomes.value), ...this.#expiry.of(ref.collection, becomes.value) } }, ...currentDocument };
    // A document that stays itself is held to its precondition by a write of no field, or by the deletion of nothing.
    if (becomes.kind === 'itself' && basis?.version !== undefined) return { update: { name, fields: {} }, updateMask: { fieldPaths: [] }, ...currentDocument };
    return { delete: name, ...currentDocument };
  }

  /** Which precondition it was that did not hold, which Firestore does not tell, by what there is now. */
  async #explained(writes: readonly StateWrite[], refusal: Refusal | undefined): Promise<PipelineError> {
    const [only] = writes;
    if (writes.length === 1 && only?.kind === 'create' && refusal?.kind === 'exists') return stateRefusals.exists(only.ref);
    const documents = await this.#read(writes.map(({ ref }) => ref));
    return firstRefusal(writes, versionsOf(documents)) ?? changedMeanwhile(writes, refusal);
  }

  async #run(query: StateQuery): Promise<readonly VersionedDocument[]> {
    const { parts, compare, limit } = planQuery(query);
    const answers = await Promise.all(parts.map((part) => this.#calls.run(part, query.collection)));
    const documents = found(query, answers.flat());
    return compare === undefined ? documents : documents.toSorted(compare).slice(0, limit);
  }
}

function refuseBadWrites(writes: readonly StateWrite[]): void {
  if (writes.length > batchWritesMax) throw stateRefusals.batchTooLarge(writes.length);
  for (const { ref } of writes) refuseBadRef(ref);
}

const collectionsOf = (refs: readonly StateRef[]): readonly string[] => [...new Set(refs.map(({ collection }) => collection))];

function versioned(ref: StateRef, { fields, updateTime }: FirestoreDocument): VersionedDocument {
  return { ref, value: decodeDocument(fields), version: `${String(updateTime?.seconds ?? 0)}.${updateTime?.nanos ?? 0}` };
}

const found = ({ collection }: StateQuery, documents: readonly FirestoreDocument[]): readonly VersionedDocument[] =>
  documents.map((document) => versioned({ collection, id: idOf(document.name ?? '') }, document));

function timeOf(version: string): { readonly seconds: string; readonly nanos: number } {
  const [seconds = '0', nanos = '0'] = version.split('.');
  return { seconds, nanos: Number(nanos) };
}

const knownOf = (refs: readonly StateRef[], documents: readonly (VersionedDocument | undefined)[]): KnownVersions =>
  new Map(refs.map((ref, index) => [pathOf(ref), { ref, version: documents[index]?.version }]));

const versionsOf = (documents: readonly (VersionedDocument | undefined)[]): ReadonlyMap<string, string> =>
  new Map(documents.flatMap((document) => (document === undefined ? [] : [[pathOf(document.ref), document.version] as const])));

const areSame = (before: readonly (VersionedDocument | undefined)[], now: readonly (VersionedDocument | undefined)[]): boolean =>
  before.every((document, index) => document?.version === now[index]?.version);

/** What was read has not changed, so it is one of the writes; if none of them either, what refused it has gone again. */
function throwFirst(writes: readonly StateWrite[], now: readonly (VersionedDocument | undefined)[]): void {
  const refusal = firstRefusal(writes, versionsOf(now));
  if (refusal !== undefined) throw refusal;
}

/** It held again by the time that it was looked at: whoever wrote between is told of by the status alone. */
function changedMeanwhile(writes: readonly StateWrite[], refusal: Refusal | undefined): PipelineError {
  const create = writes.find((write) => write.kind === 'create');
  if (refusal?.kind === 'exists' && create !== undefined) return stateRefusals.exists(create.ref);
  const update = writes.find((write) => write.kind === 'update') ?? create;
  return stateRefusals.conflict(update?.ref ?? { collection: '', id: '' }, 'changed during the write');
}

/** A refusal of a commit that has no precondition is of the database itself. */
const refusedAltogether = ({ cause }: Refusal, { collections }: CommitFacts): unknown => asPipelineError(cause, { method: 'Commit', collections });
