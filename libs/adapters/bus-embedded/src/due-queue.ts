/** Something that is due at a time; of two that are due at once the lower number comes first. */
export interface DueEntry {
  readonly dueAt: number;
  readonly number: number;
}

const isBefore = (left: DueEntry, right: DueEntry): boolean => left.dueAt < right.dueAt || (left.dueAt === right.dueAt && left.number < right.number);

/** Entries by when they are due, as a binary heap: taking the first one costs the logarithm of how many wait. */
export class DueQueue<Entry extends DueEntry> {
  readonly #entries: Entry[] = [];

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = entries[parentAt];
      if (parent === undefined || isBefore(parent, entry)) break;
      entries[at] = parent;
      at = parentAt;
    }
    entries[at] = entry;
  }

  takeFirst(): Entry | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (let child = this.#earlierChild(0); child !== undefined && isBefore(child.entry, last); child = this.#earlierChild(at)) {
      entries[at] = child.entry;
      at = child.at;
    }
    entries[at] = last;
    return first;
  }

  #earlierChild(at: number): { readonly at: number; readonly entry: Entry } | undefined {
    const leftAt = 2 * at + 1;
    const [left, right] = [this.#entries[leftAt], this.#entries[leftAt + 1]];
    if (left === undefined) return undefined;
    return right !== undefined && isBefore(right, left) ? { at: leftAt + 1, entry: right } : { at: leftAt, entry: left };
  }
}
