import { after, type EpochMs } from '@handoff/contracts';
import { expiryField, type Clock, type DocumentLifetime, type StateDocument } from '@handoff/ports';
import type { FirestoreFields } from './values.ts';

/** When documents expire: a field of Firestore's own kind, by which its time-to-live policies delete. A document without it stays. */
export class Expiry {
  readonly #clock: Clock;
  readonly #lifetimes: ReadonlyMap<string, DocumentLifetime>;

  constructor(clock: Clock, lifetimes: readonly DocumentLifetime[]) {
    this.#clock = clock;
    this.#lifetimes = new Map(lifetimes.map((lifetime) => [lifetime.collection, lifetime]));
  }

  /** The field of a document that is written as a whole; none where it does not expire. */
  of(collection: string, document: StateDocument): FirestoreFields {
    const lifetime = this.#lifetimes.get(collection);
    return lifetime === undefined || lifetime.isOver?.(document) === false ? {} : this.#fieldOf(lifetime);
  }

  /** The field of a document of which one number changes; none where the rest of it decides. */
  ofPart(collection: string): FirestoreFields {
    const lifetime = this.#lifetimes.get(collection);
    return lifetime === undefined || lifetime.isOver !== undefined ? {} : this.#fieldOf(lifetime);
  }

  #fieldOf({ keptForMs }: DocumentLifetime): FirestoreFields {
    return { [expiryField]: { timestampValue: timestampOf(after(this.#clock.now(), keptForMs)) } };
  }
}

const timestampOf = (at: EpochMs) => ({ seconds: String(Math.floor(at / 1_000)), nanos: (at % 1_000) * 1_000_000 });
