/** Values that stand before those of a table, by part of the table and key. */
export class Overlay<Key, Value> {
  readonly #parts = new Map<string, Map<Key, Value | undefined>>();

  /** The value in a box, `undefined` in it for a removed key; no box for a key that the overlay says nothing of. */
  find(part: string, key: Key): { readonly value: Value | undefined } | undefined {
    const values = this.#parts.get(part);
    if (values === undefined) return undefined;
    const value = values.get(key);
    return value !== undefined || values.has(key) ? { value } : undefined;
  }

  set(part: string, key: Key, value: Value | undefined): void {
    const values = this.#parts.get(part);
    if (values === undefined) this.#parts.set(part, new Map([[key, value]]));
    else values.set(key, value);
  }

  part(name: string): ReadonlyMap<Key, Value | undefined> | undefined {
    return this.#parts.get(name);
  }

  *entries(): Generator<readonly [Key, Value | undefined]> {
    for (const values of this.#parts.values()) yield* values;
  }
}
