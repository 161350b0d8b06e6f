import type { BreakerKind } from '@handoff/catalogue';
import { closedAt, isClear, type BreakerState } from '@handoff/circuit-breaker';
import type { EpochMs, GameDate } from '@handoff/contracts';
import { outboxWrite, type OutboxEntry } from '@handoff/outbox';
import { documentId, type StateDocument, type StateRef, type StateStore } from '@handoff/ports';

/** A player or team, in one processor and on one date. */
export interface EntityName {
  readonly kind: 'entity';
  /** A player's lookup, or a team's tricode: the two never meet, the one is in small letters. */
  readonly entity: string;
  readonly processor: string;
  readonly date: GameDate;
}

/** What a breaker is about. */
export type BreakerName = EntityName | { readonly kind: Exclude<BreakerKind, 'entity'>; readonly subject: string };

/** How people and the command line name it, beside its kind. */
export const subjectOf = (name: BreakerName): string => (name.kind === 'entity' ? `${name.entity}|${name.processor}|${name.date}` : name.subject);

/** What is known of the last attempt at an entity: enough to tell later what became of it. */
export interface LastAttempt {
  /** Rises with every attempt, also after a reset. */
  readonly number: number;
  /** The run that made it: a repetition of the run is no further attempt. */
  readonly runId: string;
  readonly at: EpochMs;
  readonly completenessPct: number;
  readonly skipReason: string;
}

/** `breakers`: one document per kind and subject; absent where nothing was ever counted. */
export interface BreakerDocument extends StateDocument {
  readonly name: BreakerName;
  readonly kind: BreakerKind;
  readonly state: BreakerState;
  /** Of entities, so that they can be found; else null. */
  readonly processor: string | null;
  readonly date: GameDate | null;
  /** Of `state`, so that they can be queried. */
  readonly isOpen: boolean;
  readonly isClear: boolean;
  /** What changed it last, and when. */
  readonly note: string;
  readonly notedAt: EpochMs;
  readonly lastAttempt: LastAttempt | null;
}

export const collection = 'breakers';

export const breakerRef = (name: BreakerName): StateRef => ({ collection, id: documentId(`${name.kind}|${subjectOf(name)}`) });

const unknownBreaker = (name: BreakerName, now: EpochMs): BreakerDocument => ({
  name, kind: name.kind, state: closedAt(now), ...(name.kind === 'entity' ? { processor: name.processor, date: name.date } : { processor: null, date: null }),
  isOpen: false, isClear: true, note: '', notedAt: now, lastAttempt: null,
});

/** The document with another state, and what is to be noted of the change. */
export const changed = (document: BreakerDocument, state: BreakerState, note: string, now: EpochMs): BreakerDocument => ({
  ...document, state, isOpen: state.mode !== 'closed', isClear: isClear(state), note, notedAt: now,
});

/** What is made of one breaker: the same object leaves it alone. */
export interface Change {
  readonly document: BreakerDocument;
  /** What the change tells the history, in the same batch. */
  readonly entries?: readonly OutboxEntry[];
}

export interface Changed {
  readonly before: BreakerDocument;
  readonly after: BreakerDocument;
  readonly entries: readonly OutboxEntry[];
}

/** Breakers that are changed at once: each is two writes at most, of the 500 that a batch may have. */
const changedMax = 200;

/** More than the instances that count a failure of one subject at once, of which one wins each round. */
const attemptsMax = 50;

/**
 * Changes breakers as they stand at the moment of the write: of any number of instances that count at once each is
 * counted.
 *
 * @throws `state-version-conflict` (retry) when others were faster 50 times, and what else the state store throws.
 */
export async function changeBreakers(state: StateStore, names: readonly BreakerName[], now: EpochMs, decide: (known: BreakerDocument, index: number) => Change): Promise<readonly Changed[]> {
  const all: Changed[] = [];
  for (let first = 0; first < names.length; first += changedMax) {
    const part = names.slice(first, first + changedMax);
    const refs = part.map(breakerRef);
    all.push(...(await state.transact(refs, (documents) => {
      const changes = part.map((name, index): Changed => {
        const before = (documents[index]?.value as BreakerDocument | undefined) ?? unknownBreaker(name, now);
        const { document: after, entries = [] } = decide(before, first + index);
        return { before, after, entries };
      });
      const writes = changes.flatMap(({ before, after, entries }, index) => {
        const ref = refs[index];
        return before === after || ref === undefined ? [] : [{ kind: 'set' as const, ref, value: after }, ...entries.map((entry) => outboxWrite(entry, now))];
      });
      return { writes, result: changes };
    }, { attemptsMax })));
  }
  return all;
}
