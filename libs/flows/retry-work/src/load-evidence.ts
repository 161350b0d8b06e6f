import { subscriptions, withStandIns } from '@handoff/catalogue';
import { pairOf, type GameDate } from '@handoff/contracts';
import { claimRef, workKeyOf, type ClaimDocument } from '@handoff/handoff-state';
import type { Ports } from '@handoff/ports';
import { loadObservedOutputs, loadSlates, type ObservedOutput, type Slates } from '@handoff/read-models';
import type { AwaitedRows, Evidence, RetryItem } from '@handoff/retry';

/**
 * What is seen of the work of some items: the claims of the functions that do it, and the rows that it should leave,
 * the rows of all items in one statement.
 *
 * @throws what a read throws: an item is not judged by what could not be seen.
 */
export async function loadEvidence(items: readonly RetryItem[], ports: Ports): Promise<ReadonlyMap<RetryItem, Evidence>> {
  const awaited = items.flatMap(({ awaits }) => (awaits === null ? [] : [awaits]));
  const range = rangeOf(awaited);
  const observed = range === undefined ? [] : await loadObservedOutputs(ports.warehouse, new Set(awaited.flatMap(({ outputs: names }) => names.flatMap(withStandIns))), range);
  const slates = range === undefined ? new Map<GameDate, never>() : await loadSlates(ports, range.from, range.until);
  const evidence = new Map<RetryItem, Evidence>();
  for (const item of items) evidence.set(item, { claim: await claimOf(item, ports), hasRows: item.awaits === null ? null : isThere(item.awaits, observed), impossible: item.awaits === null ? null : whyImpossible(item.awaits, slates) });
  return evidence;
}

async function claimOf({ redo, processorName }: RetryItem, { state }: Pick<Ports, 'state'>): Promise<Evidence['claim']> {
  const isOurs = subscriptions.some((subscription) => subscription.topic === redo.topic && subscription.function === processorName);
  if (redo.messageKey === null || !isOurs) return null;
  const claim = await state.get<ClaimDocument>(claimRef(processorName, workKeyOf(redo.topic, redo.messageKey)));
  return claim?.value.status ?? null;
}

function rangeOf(awaited: readonly AwaitedRows[]): { readonly from: GameDate; readonly until: GameDate } | undefined {
  const dates = awaited.map(({ gameDate: date }) => date).sort();
  const [from, until] = [dates[0], dates.at(-1)];
  return from === undefined || until === undefined ? undefined : { from, until };
}

/** Whoever brought them: rows of an output that stands in for another will do, unless it has lost some itself. */
function isThere({ gameDate: date, outputs: names, games, least = {} }: AwaitedRows, observed: readonly ObservedOutput[]): boolean {
  const ofDate = observed.filter((row) => row.game_date === date && row.row_count >= (least[pairOf(row.output, row.scope)] ?? 1));
  const hasLost = (name: string, scope: string): boolean => least[pairOf(name, scope)] !== undefined;
  return names.every((name) => {
    if (games.length === 0) return ofDate.some(({ output }) => output === name || (!hasLost(name, 'slate') && withStandIns(name).some((one) => one === output)));
    return games.every((game) => ofDate.some(({ output, scope }) => (scope === game || scope === 'slate') && (output === name || (!hasLost(name, game) && withStandIns(name).some((one) => one === output)))));
  });
}

/** A game that was postponed or moved leaves no rows on this date. A slate without games says nothing: its schedule may not be loaded. */
function whyImpossible({ gameDate: date, games }: AwaitedRows, slates: Slates): string | null {
  const slate = slates.get(date);
  if (games.length === 0 || slate === undefined || slate.length === 0) return null;
  const isPlayed = (game: string): boolean => slate.some(({ officialId, status }) => officialId === game && status !== 'postponed');
  return games.some(isPlayed) ? null : `${games.join(', ')} is not played on ${date}`;
}
