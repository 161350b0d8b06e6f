import { pairOf, type GameDate } from '@handoff/contracts';
import { openGaps, writeGap } from '@handoff/gap-ledger';
import { gapKey, isOpen, waive, type Gap } from '@handoff/ledger';
import type { Ports } from '@handoff/ports';

/** What people accept to be missing. */
export interface WaiveRequest {
  readonly output: string;
  /** A game, or `slate`. */
  readonly scope: string;
  /** Where a scope does not name it. */
  readonly date?: GameDate;
}

/** The open gaps that lack a pair: of a game one, of a slate one for each date. */
export async function gapsThatLack({ state }: Pick<Ports, 'state'>, { output, scope, date }: WaiveRequest): Promise<readonly Gap[]> {
  const pair = pairOf(output, scope);
  return (await openGaps(state)).filter((gap) => gap.missing.includes(pair) && (date === undefined || gap.gameDate === date));
}

/**
 * Accepts that a pair of a gap stays missing: kept with who and why, and never in a gap of this date again. The alert of
 * a gap that ends by it is resolved first, so that a crash in between is made up for by the same order.
 *
 * @returns the gap as it is then; undefined where somebody else has changed it meanwhile, and nothing was written.
 */
export async function waiveGap({ state, notifier, clock }: Ports, gap: Gap, { output, scope, by, reason }: WaiveRequest & { readonly by: string; readonly reason: string }): Promise<Gap | undefined> {
  const at = clock.now();
  const next = waive(gap, { pair: pairOf(output, scope), by, reason, at });
  if (!isOpen(next)) await notifier.resolve('gap-open', gapKey(gap), at);
  return (await writeGap(state, next)) ? next : undefined;
}
