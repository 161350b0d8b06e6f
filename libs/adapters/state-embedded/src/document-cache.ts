import type { StoredDocument } from './stored-document.ts';
import { compareUtf8 } from './keys.ts';

/** Where the documents are that are not in memory. */
export interface DocumentSource {
  collections(): Iterable<string>;
  read(collection: string, id: string): StoredDocument | undefined;
  readAll(collection: string): Iterable<readonly [id: string, document: StoredDocument]>;
}

export interface CacheLimits {
  /** Documents of collections that are known in part: beyond it such a collection is forgotten. */
  readonly partMax: number;
  /** Documents in all: beyond it the collections that were asked for longest ago are forgotten. */
  readonly allMax: number;
}

/** About 40 MB of documents of the size of a release. */
const defaultLimits: CacheLimits = { partMax: 5_000, allMax: 20_000 };

type Entry = readonly [id: string, document: StoredDocument];

interface CachedCollection {
  /** `undefined` for a document that is known not to be there. */
  readonly documents: Map<string, StoredDocument | undefined>;
  /** True when every document of the collection is here. */
  isWhole: boolean;
  /** The documents that are there, in order of id, since somebody has asked for them all. */
  ordered: Entry[] | undefined;
  /** The number of the last question that was for it. */
  askedAt: number;
}

/**
 * Committed documents in memory: a hand-off reads its own few documents over and over, and reading and parsing
 * them anew costs more than everything else that it does. One process owns the file, so nothing changes
 * behind the cache.
 */
export class DocumentCache {
  readonly #source: DocumentSource;
  readonly #limits: CacheLimits;
  readonly #collections = new Map<string, CachedCollection>();
  /** Every collection that has, or has had, a document; found out when it is first asked for. */
  #known: Set<string> | undefined;
  #count = 0;
  #questions = 0;

  constructor(source: DocumentSource, limits: CacheLimits = defaultLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  get(collection: string, id: string): StoredDocument | undefined {
    const cached = this.#collection(collection);
    const known = cached.documents.get(id);
    if (known !== undefined || cached.isWhole || cached.documents.has(id)) return known;
    const document = this.#source.read(collection, id);
    this.#keep(cached, id, document);
    this.#forget(collection, cached);
    return document;
  }

  /** Every document of a collection, in the order of the UTF-8 bytes of its id; good until the next change. */
  all(collection: string): readonly Entry[] {
    const cached = this.#collection(collection);
    if (!cached.isWhole) this.#complete(collection, cached);
    const all = (cached.ordered ??= inOrder(cached.documents));
    this.#forget(collection, cached);
    return all;
  }

  /** Takes over what was committed; `undefined` for a document that was deleted. */
  put(collection: string, id: string, document: StoredDocument | undefined): void {
    const cached = this.#collection(collection);
    this.#known?.add(collection);
    if (document === undefined && cached.isWhole) this.#drop(cached, id);
    else this.#keep(cached, id, document);
    this.#forget(collection, cached);
  }

  #collection(collection: string): CachedCollection {
    let cached = this.#collections.get(collection);
    if (cached === undefined) {
      this.#known ??= new Set(this.#source.collections());
      // What nobody has written to is empty, and known as a whole without a look.
      cached = { documents: new Map(), isWhole: !this.#known.has(collection), ordered: undefined, askedAt: 0 };
      this.#collections.set(collection, cached);
    }
    this.#questions += 1;
    cached.askedAt = this.#questions;
    return cached;
  }

  #complete(collection: string, cached: CachedCollection): void {
    for (const id of [...cached.documents.keys()]) if (cached.documents.get(id) === undefined) this.#drop(cached, id);
    for (const [id, document] of this.#source.readAll(collection)) if (!cached.documents.has(id)) this.#keep(cached, id, document);
    cached.isWhole = true;
  }

  #keep(cached: CachedCollection, id: string, document: StoredDocument | undefined): void {
    if (!cached.documents.has(id)) this.#count += 1;
    cached.documents.set(id, document);
    if (cached.ordered !== undefined && document !== undefined) place(cached.ordered, [id, document]);
    else cached.ordered = undefined;
  }

  #drop(cached: CachedCollection, id: string): void {
    if (!cached.documents.delete(id)) return;
    this.#count -= 1;
    cached.ordered = undefined;
  }

  /** Keeps to the limits. */
  #forget(collection: string, cached: CachedCollection): void {
    if (!cached.isWhole && cached.documents.size > this.#limits.partMax) this.#remove(collection, cached);
    if (this.#count > this.#limits.allMax) this.#forgetOldest();
  }

  /** Half of what may be kept, so that the next time is far: the collections that were asked for longest ago go first, the one in hand last. */
  #forgetOldest(): void {
    const oldestFirst = [...this.#collections].sort(([, left], [, right]) => left.askedAt - right.askedAt);
    for (const [name, cached] of oldestFirst) {
      if (this.#count <= this.#limits.allMax / 2) return;
      this.#remove(name, cached);
    }
  }

  #remove(collection: string, cached: CachedCollection): void {
    if (!this.#collections.delete(collection)) return;
    this.#count -= cached.documents.size;
  }
}

/** Puts an entry where it belongs, in place of an older one of its id. */
function place(ordered: Entry[], entry: Entry): void {
  let [from, until] = [0, ordered.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    const [id] = ordered[middle] ?? entry;
    const order = compareUtf8(id, entry[0]);
    if (order === 0) {
      ordered[middle] = entry;
      return;
    }
    if (order < 0) from = middle + 1;
    else until = middle;
  }
  ordered.splice(from, 0, entry);
}

function inOrder(documents: ReadonlyMap<string, StoredDocument | undefined>): Entry[] {
  const entries: Entry[] = [];
  for (const [id, document] of documents) if (document !== undefined) entries.push([id, document]);
  return entries.sort(([left], [right]) => compareUtf8(left, right));
}
