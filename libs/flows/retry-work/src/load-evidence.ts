import { subscriptions, withStandIns } from '@handoff/catalogue';
import type { GameDate } from '@handoff/contracts';
import { claimRef, workKeyOf, type ClaimDocument } from '@handoff/handoff-state';
import type { FlowContext, Ports } from '@handoff/ports';
import { loadObservedOutputs, loadSlates, type Slates } from '@handoff/read-models';
import type { AwaitedRows, Evidence, RetryItem } from '@handoff/retry';
import { givenUpRequestOf, hasAllGames, isAnswered, loadLaterAnswers } from './given-up-requests.ts';
import { isThere } from './is-there.ts';

/**
 * What is seen of the work of some items: the claims of the functions that do it, and the rows that it should leave,
 * the rows of all items in one statement.
 *
 * @throws what a read throws: an item is not judged by what could not be seen.
 */
export async function loadEvidence(items: readonly RetryItem[], context: FlowContext): Promise<ReadonlyMap<RetryItem, Evidence>> {
  const { ports } = context;
  const requests = items.map(givenUpRequestOf).filter((request) => request !== undefined);
  const awaited = [...items.map(({ awaits }) => awaits), ...requests.map(({ brings }) => brings)].filter((rows) => rows !== null && rows !== undefined);
  const range = rangeOf(awaited);
  const observed = range === undefined ? [] : await loadObservedOutputs(ports.warehouse, new Set(awaited.flatMap(({ outputs: names }) => names.flatMap(withStandIns))), range);
  const slates = range === undefined ? new Map<GameDate, never>() : await loadSlates(ports, range.from, range.until);
  const answers = await loadLaterAnswers(requests, context);
  const evidence = new Map<RetryItem, Evidence>();
  for (const item of items) {
    const { awaits } = item;
    const request = givenUpRequestOf(item);
    const isSuperseded = request !== undefined && (isAnswered(request, answers) || hasAllGames(request, observed, slates));
    evidence.set(item, { claim: await claimOf(item, ports), hasRows: awaits === null ? null : isThere(awaits, observed), impossible: awaits === null ? null : whyImpossible(awaits, slates), isSuperseded });
  }
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

/** A game that was postponed or moved leaves no rows on this date. A slate without games says nothing: its schedule may not be loaded. */
function whyImpossible({ gameDate: date, games }: AwaitedRows, slates: Slates): string | null {
  const slate = slates.get(date);
  if (games.length === 0 || slate === undefined || slate.length === 0) return null;
  const isPlayed = (game: string): boolean => slate.some(({ officialId, status }) => officialId === game && status !== 'postponed');
  return games.some(isPlayed) ? null : `${games.join(', ')} is not played on ${date}`;
}
