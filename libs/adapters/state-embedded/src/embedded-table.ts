import type { Database, RootDatabase } from 'lmdb';
import { encodeChange } from './journaled-changes.ts';
import { compareUtf8, utf8Keys } from './keys.ts';
import { Overlay } from './overlay.ts';

export type TableKey = string | number;

export interface TableOptions<Key extends TableKey, Value> {
  readonly name: string;
  /** Text keys are ordered by their bytes as UTF-8. */
  readonly keys: Key extends number ? 'number' : 'text';
  readonly encode: (value: Value) => string;
  readonly decode: (text: string) => Value;
  /** The part of a table with text keys that a key belongs to: a range of keys, and all that `committedPart` reads. */
  readonly partOf?: (key: Key) => string;
  /** Told of what a commit has written, before those who asked for it are. */
  readonly onCommitted?: (changes: ReadonlyMap<Key, Value | undefined>) => void;
}

export interface KeyRange<Key> {
  readonly start?: Key;
  /** Exclusive. */
  readonly end?: Key;
}

interface Undo<Key, Value> {
  readonly key: Key;
  readonly wasWritten: boolean;
  readonly before: Value | undefined;
}

/** A named database of lmdb, of texts. */
export function openDatabase<Key extends TableKey>(root: RootDatabase<string, string>, name: string, keys: 'number' | 'text'): Database<string, Key> {
  // Named, since lmdb's types leave the key encoder out of what a database may be opened with.
  const options = { name, encoding: 'string', ...(keys === 'text' ? { keyEncoder: utf8Keys } : {}) } as const;
  return root.openDB<string, Key>(options);
}

/**
 * Values by key, in order of key. A change has up to three stations:
 *
 * | station | seen by |
 * |---|---|
 * | written: by a work of the group that is running or being flushed | the works of that group |
 * | journaled: flushed, not in lmdb yet; the older ones are on their way into it | everybody |
 * | lmdb | everybody |
 */
export class EmbeddedTable<Key extends TableKey, Value> {
  readonly #database: Database<string, Key>;
  readonly #options: TableOptions<Key, Value>;
  readonly #partOf: (key: Key) => string;
  readonly #written = new Map<Key, Value | undefined>();
  /** What the work that is running has to be taken back by, newest last. */
  #undo: Undo<Key, Value>[] = [];
  #journaled: Overlay<Key, Value>;
  #onItsWay: Overlay<Key, Value>;

  constructor(root: RootDatabase<string, string>, options: TableOptions<Key, Value>) {
    this.#database = openDatabase<Key>(root, options.name, options.keys);
    this.#options = options;
    this.#partOf = options.partOf ?? (() => '');
    this.#journaled = new Overlay(this.#partOf);
    this.#onItsWay = new Overlay(this.#partOf);
  }

  /** What is committed. */
  committed(key: Key): Value | undefined {
    const overlaid = this.#journaled.find(key) ?? this.#onItsWay.find(key);
    if (overlaid !== undefined) return overlaid.value;
    const text = this.#database.get(key);
    return text === undefined ? undefined : this.#options.decode(text);
  }

  /** What is committed of a range that is one part of the table, in order of key. */
  committedPart(part: string, range: KeyRange<Key>): readonly { readonly key: Key; readonly value: Value }[] {
    const found = new Map<Key, Value>();
    for (const { key, value } of this.#database.getRange(range)) found.set(key, this.#options.decode(value));
    let isInOrder = true;
    for (const overlay of [this.#onItsWay, this.#journaled]) {
      for (const [key, value] of overlay.part(part) ?? []) {
        if (value === undefined) found.delete(key);
        else {
          isInOrder &&= found.has(key);
          found.set(key, value);
        }
      }
    }
    const entries = [...found].map(([key, value]) => ({ key, value }));
    return isInOrder ? entries : entries.sort((left, right) => compareKeys(left.key, right.key));
  }

  /** Everything that is committed, in order of key, of a table without parts. */
  committedRange(): readonly { readonly key: Key; readonly value: Value }[] {
    // lmdb asks our encoder for the bytes of the first key, whatever its type: the empty text comes before all others.
    return this.committedPart('', this.#options.keys === 'text' ? { start: '' as Key } : {});
  }

  /** True when a work of the group that is running, or is being committed, has written or removed the key. */
  isWritten(key: Key): boolean {
    return this.#written.has(key);
  }

  /** For works only: what they and those before them have written, else what is committed. */
  current(key: Key): Value | undefined {
    return this.#written.has(key) ? this.#written.get(key) : this.committed(key);
  }

  /** For works only; `undefined` removes. */
  write(key: Key, value: Value | undefined): void {
    this.#undo.push({ key, wasWritten: this.#written.has(key), before: this.#written.get(key) });
    this.#written.set(key, value);
  }

  /** Keeps what the work that has just ended wrote. */
  keepWork(): void {
    if (this.#undo.length > 0) this.#undo = [];
  }

  /** Takes back what the work that has just failed wrote. */
  undoWork(): void {
    for (const { key, wasWritten, before } of this.#undo.reverse()) {
      if (wasWritten) this.#written.set(key, before);
      else this.#written.delete(key);
    }
    this.#undo = [];
  }

  get hasChanges(): boolean {
    return this.#written.size > 0;
  }

  /** The group's changes as the journal keeps them. */
  journal(): string {
    let payload = '';
    for (const [key, value] of this.#written) payload += encodeChange({ table: this.#options.name, key, text: value === undefined ? undefined : this.#options.encode(value) });
    return payload;
  }

  /** Puts the group's changes into lmdb, within a transaction of its. */
  putNow(): void {
    for (const [key, value] of this.#written) {
      if (value === undefined) this.#database.removeSync(key);
      else this.#database.putSync(key, this.#options.encode(value));
    }
  }

  /** The group is through. What went to the journal stands before lmdb until it is put there. */
  endGroup(outcome: 'in-lmdb' | 'journaled' | 'failed'): void {
    if (this.#written.size === 0) return;
    if (outcome === 'journaled') for (const [key, value] of this.#written) this.#journaled.set(key, value);
    if (outcome !== 'failed') this.#options.onCommitted?.(this.#written);
    this.#written.clear();
  }

  /** From now on what is journaled is on its way into lmdb, and what comes is kept apart from it. */
  turn(): void {
    this.#onItsWay = this.#journaled;
    this.#journaled = new Overlay(this.#partOf);
  }

  /** Hands what is on its way to lmdb, within a batch of its. */
  putOnItsWay(): void {
    for (const [key, value] of this.#onItsWay.entries()) {
      if (value === undefined) void this.#database.remove(key);
      else void this.#database.put(key, this.#options.encode(value));
    }
  }

  /** What was on its way is in lmdb. */
  arrived(): void {
    this.#onItsWay = new Overlay(this.#partOf);
  }
}

const compareKeys = (left: TableKey, right: TableKey): number => (typeof left === 'number' && typeof right === 'number' ? left - right : compareUtf8(String(left), String(right)));
