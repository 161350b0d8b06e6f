import { PipelineError } from '@handoff/contracts';
import type { StateRef } from './state-store.ts';

/** How a document is named in messages and facts. */
export const documentName = (ref: StateRef): string => `${ref.collection}/${ref.id}`;

/** What every state store refuses, with the code and disposition that the port promises. */
export const stateRefusals = {
  exists: (ref: StateRef): PipelineError =>
    new PipelineError({ code: 'state-already-exists', disposition: 'retry', message: `document ${documentName(ref)} exists already`, facts: { document: documentName(ref) } }),

  missing: (ref: StateRef): PipelineError =>
    new PipelineError({ code: 'state-not-found', disposition: 'retry', message: `document ${documentName(ref)} does not exist`, facts: { document: documentName(ref) } }),

  conflict: (ref: StateRef, detail: string): PipelineError =>
    new PipelineError({ code: 'state-version-conflict', disposition: 'retry', message: `document ${documentName(ref)} ${detail}`, facts: { document: documentName(ref) } }),

  batchTooLarge: (count: number): PipelineError =>
    new PipelineError({ code: 'state-batch-too-large', disposition: 'reject', message: `a batch of ${count} writes is over the limit of ${batchWritesMax}: split it`, facts: { count } }),

  indexMissing: (collection: string, index: string): PipelineError =>
    new PipelineError({ code: 'state-index-missing', disposition: 'defer', message: `a query of ${collection} needs an index that is not declared in the catalogue: ${index}`, facts: { index } }),

  closed: (): PipelineError => new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'the state store is closed' }),
} as const;

/** What a batch may hold. */
export const batchWritesMax = 500;

const nameBytesMax = 500;
/** No UTF-16 unit takes more bytes of UTF-8. */
const unitBytesMax = 3;
const utf8 = new TextEncoder();

/** @throws `state-ref-invalid` (reject) for a name that not every state store can hold. */
export function refuseBadRef(ref: StateRef): void {
  for (const name of [ref.collection, ref.id]) {
    const problem = problemOf(name);
    if (problem === undefined) continue;
    throw new PipelineError({ code: 'state-ref-invalid', disposition: 'reject', message: `document name ${documentName(ref)}: a part of it ${problem}`, facts: { document: documentName(ref) } });
  }
}

function problemOf(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is empty or only dots';
  if (name.includes('/')) return 'holds a slash';
  if (name.length * unitBytesMax > nameBytesMax && utf8.encode(name).length > nameBytesMax) return `is over ${nameBytesMax} bytes`;
  // Most names hold no surrogate at all, and are told by the cheaper look.
  if (/[\ud800-\udfff]/.test(name) && /\p{Surrogate}/u.test(name)) return 'is not valid Unicode';
  return undefined;
}
