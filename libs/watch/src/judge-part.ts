import { missesMax } from '@handoff/catalogue';
import type { Disposition, EpochMs, ErrorFacts } from '@handoff/contracts';

/** What a look at a part of the platform has come to. */
export type ProbeResult =
  | { readonly kind: 'well' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly disposition: Disposition; readonly facts: ErrorFacts }
  /** It could not be seen this time. */
  | { readonly kind: 'unseen' };

/** What is remembered of a part from look to look. */
export interface PartMemory {
  /** Looks in a row that it has not answered. */
  readonly misses: number;
  /** Since when it does not answer; null while it does. */
  readonly awaySince: EpochMs | null;
  /** Since when it is seen to answer; null while it does not. */
  readonly wellSince: EpochMs | null;
}

/**
 * | verdict | when |
 * |---|---|
 * | well | it answers |
 * | missed | it did not, and may the next time |
 * | away | it did not twice in a row |
 * | refused | it answers that it will not: the first time is enough, since the next says the same |
 * | unseen | nothing is known |
 */
export type PartVerdict = 'well' | 'missed' | 'away' | 'refused' | 'unseen';

/** Nothing is known yet. */
export const newPart: PartMemory = { misses: 0, awaySince: null, wellSince: null };

/** Judges a look by what is remembered of those before it. */
export function judgePart(memory: PartMemory, result: ProbeResult, now: EpochMs): { readonly memory: PartMemory; readonly verdict: PartVerdict } {
  switch (result.kind) {
    case 'unseen':
      return { memory, verdict: 'unseen' };
    case 'well':
      return { memory: { misses: 0, awaySince: null, wellSince: memory.wellSince ?? now }, verdict: 'well' };
    case 'failed': {
      const next: PartMemory = { misses: memory.misses + 1, awaySince: memory.awaySince ?? now, wellSince: null };
      if (result.disposition !== 'retry') return { memory: next, verdict: 'refused' };
      return { memory: next, verdict: next.misses >= missesMax ? 'away' : 'missed' };
    }
  }
}
