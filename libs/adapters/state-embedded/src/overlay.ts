/** Values that stand before those of a table: by key, and by the part of the table that they belong to. */
export class Overlay<Key, Value> {
  readonly #partOf: (key: Key) => string;
  readonly #parts = new Map<string, Map<Key, Value | undefined>>();

  constructor(partOf: (key: Key) => string) {
    this.#partOf = partOf;
  }

  /** The value in a box, `undefined` in it for a removed key; no box for a key that the overlay says nothing of. */
  find(key: Key): { readonly value: Value | undefined } | undefined {
    const part = this.#parts.get(this.#partOf(key));
    if (part === undefined) return undefined;
    const value = part.get(key);
    return value !== undefined || part.has(key) ? { value } : undefined;
  }

  set(key: Key, value: Value | undefined): void {
    const name = this.#partOf(key);
    const part = this.#parts.get(name);
    if (part === undefined) this.#parts.set(name, new Map([[key, value]]));
    else part.set(key, value);
  }

  part(name: string): ReadonlyMap<Key, Value | undefined> | undefined {
    return this.#parts.get(name);
  }

  *entries(): Generator<readonly [Key, Value | undefined]> {
    for (const part of this.#parts.values()) yield* part;
  }

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }
}
