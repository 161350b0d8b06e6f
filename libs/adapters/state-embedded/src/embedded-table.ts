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
  /** Told of each change that was committed, before those who asked for it are; `undefined` for a removed key. */
  readonly onCommitted?: (part: string, key: Key, value: Value | undefined) => void;
}

export interface KeyRange<Key> {
  readonly start?: Key;
  /** Exclusive. */
  readonly end?: Key;
}

/** A change, and the part of the table that its key belongs to: the range of keys that `committedPart` reads. */
interface Change<Value> {
  readonly part: string;
  readonly value: Value | undefined;
}

interface Undo<Key, Value> {
  readonly key: Key;
  readonly before: Change<Value> | undefined;
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
 * | held: flushed to the journal where there is one, not in lmdb yet; the older ones are on their way into it | everybody |
 * | lmdb | everybody |
 */
export class EmbeddedTable<Key extends TableKey, Value> {
  readonly #database: Database<string, Key>;
  readonly #options: TableOptions<Key, Value>;
  readonly #written = new Map<Key, Change<Value>>();
  /** What the work that is running has to be taken back by, newest last. */
  #undo: Undo<Key, Value>[] = [];
  #held = new Overlay<Key, Value>();
  #onItsWay = new Overlay<Key, Value>();

  constructor(root: RootDatabase<string, string>, options: TableOptions<Key, Value>) {
    this.#database = openDatabase<Key>(root, options.name, options.keys);
    this.#options = options;
  }

  /** What is committed. */
  committed(key: Key, part = ''): Value | undefined {
    const overlaid = this.#held.find(part, key) ?? this.#onItsWay.find(part, key);
    if (overlaid !== undefined) return overlaid.value;
    const text = this.#database.get(key);
    return text === undefined ? undefined : this.#options.decode(text);
  }

  /** What is committed of a range that is one part of the table, in order of key. */
  committedPart(part: string, range: KeyRange<Key>): readonly { readonly key: Key; readonly value: Value }[] {
    const found = new Map<Key, Value>();
    for (const { key, value } of this.#database.getRange(range)) found.set(key, this.#options.decode(value));
    let isInOrder = true;
    for (const overlay of [this.#onItsWay, this.#held]) {
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

  /** What such a work has written; `undefined` for a key that it has removed. */
  written(key: Key): Value | undefined {
    return this.#written.get(key)?.value;
  }

  /** For works only: what they and those before them have written, else what is committed. */
  current(key: Key, part = ''): Value | undefined {
    const change = this.#written.get(key);
    return change === undefined ? this.committed(key, part) : change.value;
  }

  /** For works only; `undefined` removes. A table without parts has one, without a name. */
  write(part: string, key: Key, value: Value | undefined): void {
    this.#undo.push({ key, before: this.#written.get(key) });
    this.#written.set(key, { part, value });
  }

  /** The first key in lmdb itself from `start` on. */
  firstStored(start: Key): Key | undefined {
    for (const key of this.#database.getKeys({ start, limit: 1 })) return key;
    return undefined;
  }

  /** Keeps what the work that has just ended wrote. */
  keepWork(): void {
    if (this.#undo.length > 0) this.#undo = [];
  }

  /** Takes back what the work that has just failed wrote. */
  undoWork(): void {
    for (const { key, before } of this.#undo.reverse()) {
      if (before === undefined) this.#written.delete(key);
      else this.#written.set(key, before);
    }
    this.#undo = [];
  }

  get hasChanges(): boolean {
    return this.#written.size > 0;
  }

  /** The group's changes as the journal keeps them. */
  journal(): string {
    let payload = '';
    for (const [key, { value }] of this.#written) payload += encodeChange({ table: this.#options.name, key, text: value === undefined ? undefined : this.#options.encode(value) });
    return payload;
  }

  /** Puts the group's changes into lmdb, within a transaction of its. */
  putNow(): void {
    for (const [key, { value }] of this.#written) {
      if (value === undefined) this.#database.removeSync(key);
      else this.#database.putSync(key, this.#options.encode(value));
    }
  }

  /** The group is through. What is held stands before lmdb until it is put there. */
  endGroup(outcome: 'in-lmdb' | 'held' | 'failed'): void {
    if (this.#written.size === 0) return;
    if (outcome !== 'failed') {
      const { onCommitted } = this.#options;
      for (const [key, { part, value }] of this.#written) {
        if (outcome === 'held') this.#held.set(part, key, value);
        onCommitted?.(part, key, value);
      }
    }
    this.#written.clear();
  }

  /** From now on what is held is on its way into lmdb, and what comes is kept apart from it. */
  turn(): void {
    this.#onItsWay = this.#held;
    this.#held = new Overlay();
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
    this.#onItsWay = new Overlay();
  }
}

const compareKeys = (left: TableKey, right: TableKey): number => (typeof left === 'number' && typeof right === 'number' ? left - right : compareUtf8(String(left), String(right)));
