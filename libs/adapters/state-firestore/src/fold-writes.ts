import { stateRefusals, type StateDocument, type StateRef, type StateWrite } from '@handoff/ports';
import type { PipelineError } from '@handoff/contracts';
import { pathOf } from './names.ts';

/** What must hold of a document before a commit; a version that is `undefined` stands for no document. */
export interface Basis {
  readonly version: string | undefined;
}

/** What a commit makes of one document. */
export interface FoldedWrite {
  readonly ref: StateRef;
  readonly path: string;
  /** Undefined where the write is made whatever there is. */
  readonly basis: Basis | undefined;
  readonly becomes: { readonly kind: 'value'; readonly value: StateDocument } | { readonly kind: 'nothing' } | { readonly kind: 'itself' };
}

/** Documents that a transaction has read, by path, with the version that each had. */
export type KnownVersions = ReadonlyMap<string, { readonly ref: StateRef; readonly version: string | undefined }>;

/**
 * One write for each document, of any number that a batch has for it, in order: what must hold before the first,
 * and what is there after the last. Documents that were read and are not written stay themselves, at their version.
 *
 * Undefined when the writes contradict one another, or what was read: then no commit can succeed, and
 * `firstRefusal` says why.
 */
export function foldWrites(writes: readonly StateWrite[], known: KnownVersions = new Map()): readonly FoldedWrite[] | undefined {
  const folded = new Map<string, FoldedWrite>([...known].map(([path, { ref, version }]) => [path, { ref, path, basis: { version }, becomes: { kind: 'itself' } }]));
  for (const write of writes) {
    const path = pathOf(write.ref);
    const next = after(folded.get(path) ?? { ref: write.ref, path, basis: undefined, becomes: { kind: 'itself' } }, write);
    if (next === undefined) return undefined;
    folded.set(path, next);
  }
  return [...folded.values()];
}

function after(before: FoldedWrite, write: StateWrite): FoldedWrite | undefined {
  switch (write.kind) {
    case 'set':
      return { ...before, becomes: { kind: 'value', value: write.value } };
    case 'delete':
      return { ...before, becomes: { kind: 'nothing' } };
    case 'create':
      return afterCreate(before, write.value);
    case 'update':
      return afterUpdate(before, write.value, write.expectedVersion);
  }
}

function afterCreate(before: FoldedWrite, value: StateDocument): FoldedWrite | undefined {
  const becomes = { kind: 'value', value } as const;
  if (before.becomes.kind === 'nothing') return { ...before, becomes };
  if (before.becomes.kind === 'value' || before.basis?.version !== undefined) return undefined;
  return { ...before, basis: { version: undefined }, becomes };
}

/** A document that the batch itself has written is at no version that a caller can know. */
function afterUpdate(before: FoldedWrite, value: StateDocument, expectedVersion: string): FoldedWrite | undefined {
  if (before.becomes.kind !== 'itself' || !isVersion(expectedVersion)) return undefined;
  if (before.basis !== undefined && before.basis.version !== expectedVersion) return undefined;
  return { ...before, basis: { version: expectedVersion }, becomes: { kind: 'value', value } };
}

/** A version is the time of the last change, as `seconds.nanoseconds`; what is not one was never given. */
export const isVersion = (text: string): boolean => /^\d{1,12}\.\d{1,9}$/.test(text);

/**
 * The first write of a batch whose precondition does not hold, as an error; undefined when all hold. `versions`
 * has the documents that there are, by path.
 */
export function firstRefusal(writes: readonly StateWrite[], versions: ReadonlyMap<string, string>): PipelineError | undefined {
  const written = new Map<string, 'value' | 'nothing'>();
  for (const write of writes) {
    const path = pathOf(write.ref);
    const own = written.get(path);
    const isThere = own === undefined ? versions.has(path) : own === 'value';
    if (write.kind === 'create' && isThere) return stateRefusals.exists(write.ref);
    if (write.kind === 'update') {
      if (!isThere) return stateRefusals.missing(write.ref);
      if (own !== undefined) return stateRefusals.conflict(write.ref, 'was written before in the same batch');
      const version = versions.get(path) ?? '';
      if (version !== write.expectedVersion) return stateRefusals.conflict(write.ref, `is at version ${version}, not ${write.expectedVersion}`);
    }
    written.set(path, write.kind === 'delete' ? 'nothing' : 'value');
  }
  return undefined;
}
