import type { EpochMs } from '@handoff/contracts';

/** A question to a source of an output about one game date. */
export interface Ask {
  readonly output: string;
  readonly askedAt: EpochMs;
  /** When a good answer was there, with or without anything in it; null where none came. */
  readonly answeredAt: EpochMs | null;
  /** Official ids; absent: the question was about every game of the date. */
  readonly games?: readonly string[];
}

/** MISSED, since no source was asked while it could have offered anything: nothing was scheduled, or nothing could run. */
export const neverAsked = 'never-asked';

/** MISSED, since no source gave a good answer while it could have offered anything. */
export const neverAnswered = 'never-answered';

/**
 * Why an output of the sources has no rows at its tip-off: nobody offered any, or nobody knows whether anybody would
 * have. One good answer before tip-off is enough: what came after it is worth nothing.
 */
export function lackOfOffers({ output, scope }: { readonly output: string; readonly scope: string }, asks: readonly Ask[], tipOff: number): 'none-offered' | typeof neverAsked | typeof neverAnswered {
  const own = asks.filter((ask) => ask.output === output && ask.askedAt < tipOff && (ask.games === undefined || ask.games.includes(scope)));
  if (own.some(({ answeredAt }) => answeredAt !== null && answeredAt < tipOff)) return 'none-offered';
  return own.length === 0 ? neverAsked : neverAnswered;
}
