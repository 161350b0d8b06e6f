import { dueTopic, isScraperEnabled, scrapers, transitions, withStandIns } from '@handoff/catalogue';
import { hashOf, isoInstant, type EpochMs, type FilesStored, type GameDate, type GateDue, type OfficialGameId, type Purpose, type ScrapeRequested, type Sport } from '@handoff/contracts';
import type { OutboxEntry } from '@handoff/outbox';
import type { ObjectStore } from '@handoff/ports';
import { loadStoredAnswers } from '@handoff/read-models';
import type { BackfillPiece } from './plan-backfill.ts';

/** Names a backfill: the same order asks for the same work, so that one that was cut off goes on from where it was. */
export interface BackfillOrder {
  readonly sport: Sport;
  readonly orderId: string;
  readonly reason: string;
  readonly now: EpochMs;
}

/** The messages by which the pieces of one date and phase are made, and how many stored files they are about. */
export interface BackfillStep {
  readonly gameDate: GameDate;
  readonly entries: readonly OutboxEntry[];
  readonly files: number;
}

const workflow = 'backfill';
const scopesOf = (pieces: readonly BackfillPiece[]): readonly OfficialGameId[] => [...new Set(pieces.flatMap(({ scope }) => (scope === 'slate' ? [] : [scope])))].sort();
/** Of outputs that are made for the slate there are no games to be limited to. */
const limitedTo = (games: readonly OfficialGameId[]): { readonly games?: OfficialGameId[] } => (games.length === 0 ? {} : { games: [...games] });
/** Sources know no retrospect: what is loaded of a date is live, or history. */
const purposeOf = (ofDate: readonly BackfillPiece[]): Purpose => (ofDate.every(({ purpose }) => purpose === 'history') ? 'history' : 'live');
const keyOf = ({ orderId }: BackfillOrder, what: readonly string[]): string => `backfill_${hashOf([orderId, ...what].join('|')).slice(0, 24)}`;

/**
 * Has the stored answers of each scraper of a raw output loaded again for the games that are wanted; nothing where none
 * is stored. Content that was loaded before is loaded all the same.
 */
export async function loadStored(pieces: readonly BackfillPiece[], order: BackfillOrder, objects: ObjectStore): Promise<readonly BackfillStep[]> {
  const steps: BackfillStep[] = [];
  for (const [gameDate, ofDate] of byDate(pieces)) {
    const games = scopesOf(ofDate);
    for (const scraper of scrapersOf(ofDate)) {
      const { found, answers } = await loadStoredAnswers(objects, scraper, gameDate);
      if (answers.length === 0) continue;
      const entries = answers.map(({ files, fetchedAt }): OutboxEntry => {
        const key = keyOf(order, ['stored', gameDate, scraper.name, isoInstant(fetchedAt), ...games]);
        const payload: FilesStored = { sport: order.sport, purpose: purposeOf(ofDate), executionId: key, workflow, gameDate, untilDate: gameDate, files: [...files], fetchedAt, reload: true, ...limitedTo(games) };
        return { topic: 'phase1-scrapers-complete', message: { key, payload, correlationId: order.orderId } };
      });
      steps.push({ gameDate, files: found, entries });
    }
  }
  return steps;
}

/** Asks every enabled source of a raw output for the games of a date: whichever has them, nothing is missing. */
export function scrapeAgain(pieces: readonly BackfillPiece[], order: BackfillOrder): readonly BackfillStep[] {
  return [...byDate(pieces)].map(([gameDate, ofDate]): BackfillStep => ({
    gameDate, files: 0,
    entries: scrapersOf(ofDate).filter((scraper) => isScraperEnabled(scraper, gameDate)).map(({ name: scraper }): OutboxEntry => {
      const games = scopesOf(ofDate);
      const requestId = keyOf(order, ['scrape', gameDate, scraper, ...games]);
      const payload: ScrapeRequested = { sport: order.sport, purpose: purposeOf(ofDate), workflow, scraper, gameDate, untilDate: gameDate, requestedAt: order.now, decisionId: order.orderId, requestId, ...limitedTo(games) };
      return { topic: 'scrape-requests', message: { key: requestId, payload, correlationId: order.orderId } };
    }),
  }));
}

/** Has the phases of the pieces started again for their games, each for its purpose. */
export function startAgain(pieces: readonly BackfillPiece[], order: BackfillOrder): readonly BackfillStep[] {
  return [...byDate(pieces)].map(([gameDate, ofDate]): BackfillStep => ({ gameDate, files: 0, entries: groupsOf(ofDate).flatMap((group) => again(gameDate, group, order)) }));
}

interface Group {
  readonly phase: BackfillPiece['output']['phase'];
  readonly flow: BackfillPiece['output']['flow'];
  readonly purpose: Purpose;
  readonly pieces: readonly BackfillPiece[];
}

function groupsOf(pieces: readonly BackfillPiece[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const piece of pieces) {
    const { phase, flow } = piece.output;
    const { purpose } = piece;
    const key = `${phase}|${flow}|${purpose}`;
    groups.set(key, { phase, flow, purpose, pieces: [...(groups.get(key)?.pieces ?? []), piece] });
  }
  return [...groups.values()];
}

function again(gameDate: GameDate, { phase, flow, purpose, pieces }: Group, order: BackfillOrder): readonly OutboxEntry[] {
  const transition = transitions.find((candidate) => candidate.to === phase && candidate.flow === flow);
  if (transition === undefined) return [];
  const games = pieces.some(({ scope }) => scope === 'slate') ? [] : scopesOf(pieces);
  const payload: GateDue = { sport: order.sport, purpose, app: transition.app, flow, to: phase, gameDate, dueAt: order.now, again: { games: [...games], reason: order.reason } };
  return [{ topic: dueTopic(transition.app), message: { key: keyOf(order, ['again', gameDate, phase, flow, purpose, ...games]), payload, correlationId: order.orderId } }];
}

function byDate(pieces: readonly BackfillPiece[]): ReadonlyMap<GameDate, readonly BackfillPiece[]> {
  const dates = new Map<GameDate, readonly BackfillPiece[]>();
  for (const piece of pieces) dates.set(piece.gameDate, [...(dates.get(piece.gameDate) ?? []), piece]);
  return dates;
}

const scrapersOf = (pieces: readonly BackfillPiece[]) => {
  const names = new Set(pieces.flatMap(({ output }) => withStandIns(output.name)));
  return scrapers.filter(({ loads }) => names.has(loads));
};
