import type { StateDocument, StateRef, VersionedDocument } from '@handoff/ports';

/**
 * A document as it was written: its JSON, so that nobody can change it afterwards, and what that says, once
 * somebody has asked. Shared by all readers, and therefore frozen.
 */
export class StoredDocument {
  /** The number of the group of works that wrote it: never given twice, not even to a document that was deleted meanwhile. */
  readonly version: number;
  readonly #text: string;
  #value: StateDocument | undefined;
  #read: VersionedDocument | undefined;

  constructor(version: number, text: string) {
    this.version = version;
    this.#text = text;
  }

  static of(version: number, value: StateDocument): StoredDocument {
    return new StoredDocument(version, JSON.stringify(value));
  }

  get value(): StateDocument {
    this.#value ??= frozen(JSON.parse(this.#text) as StateDocument);
    return this.#value;
  }

  /** What every reader of `ref` is given: made once, since a hand-off reads its documents at each of its events. */
  readAs({ collection, id }: StateRef): VersionedDocument {
    this.#read ??= Object.freeze({ ref: Object.freeze({ collection, id }), value: this.value, version: String(this.version) });
    return this.#read;
  }

  encode(): string {
    return `{"version":${this.version},"value":${this.#text}}`;
  }

  static decode(encoded: string): StoredDocument {
    const versionEndsAt = encoded.indexOf(',');
    return new StoredDocument(Number(encoded.slice('{"version":'.length, versionEndsAt)), encoded.slice(versionEndsAt + ',"value":'.length, -1));
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
