import { boxScoreBackfill, boxScoreScrapers, isScraperEnabled } from '@handoff/catalogue';
import { elapsed, type BoxscoreGapsDetected, type EpochMs, type GameDate, type OfficialGameId, type ScrapeRequested, type Sport } from '@handoff/contracts';
import { commitWithOutbox, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext, FlowReport, Ports, StateDocument, StateRef, StateStore } from '@handoff/ports';
import { loadLivedThrough } from '@handoff/read-models';
import { gameDateOf } from '@handoff/slate';

/** `boxscore_backfills`: one document per game that was ever asked for again. */
interface BackfillDocument extends StateDocument {
  readonly attempts: number;
  readonly askedAt: EpochMs;
}

const { gamesMax, cooldownMs, attemptsMax } = boxScoreBackfill;
const refOf = (game: OfficialGameId): StateRef => ({ collection: 'boxscore_backfills', id: game });

interface Wanted {
  readonly gameDate: GameDate;
  readonly game: OfficialGameId;
  readonly attempts: number;
}

/**
 * Asks the sources again for games that have no box score, newest first: so many at a time, none twice within its
 * cooldown, none more often than its attempts. Every enabled source of box scores is asked, so that one which lacks a
 * game does not keep it from us. Whether they came is for the next check to see.
 */
export async function backfillBoxScores({ sport, checkId, gaps }: BoxscoreGapsDetected, { ports, correlationId }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const open = await openGames(ports.state, gaps, now);
  const asked = open.wanted.slice(0, gamesMax);
  const entries = (await requestsFor(asked, { sport, checkId, now }, ports)).map((payload): OutboxEntry => ({ topic: 'scrape-requests', message: { key: payload.requestId, payload, correlationId } }));
  if (asked.length > 0) {
    await commitWithOutbox(ports, { now, entries, writes: asked.map(({ game, attempts }) => ({ kind: 'set' as const, ref: refOf(game), value: { attempts: attempts + 1, askedAt: now } satisfies BackfillDocument })) });
  }
  const facts = { games: asked.length, requests: entries.length, coolingDown: open.coolingDown, givenUp: open.givenUp, overCap: open.wanted.length - asked.length };
  return { outcome: asked.length === 0 ? 'nothing-to-ask' : 'asked', facts };
}

async function openGames(state: StateStore, gaps: BoxscoreGapsDetected['gaps'], now: EpochMs): Promise<{ readonly wanted: readonly Wanted[]; readonly coolingDown: number; readonly givenUp: number }> {
  const wanted: Wanted[] = [];
  let [coolingDown, givenUp] = [0, 0];
  for (const { gameDate, games } of [...gaps].sort((left, right) => right.gameDate.localeCompare(left.gameDate, 'en'))) {
    for (const game of games) {
      const known = (await state.get<BackfillDocument>(refOf(game)))?.value;
      if ((known?.attempts ?? 0) >= attemptsMax) givenUp += 1;
      else if (known !== undefined && elapsed(known.askedAt, now) < cooldownMs) coolingDown += 1;
      else wanted.push({ gameDate, game, attempts: known?.attempts ?? 0 });
    }
  }
  return { wanted, coolingDown, givenUp };
}

interface Asking {
  readonly sport: Sport;
  readonly checkId: string;
  readonly now: EpochMs;
}

/** One request for each date and enabled source: an answer is of all games of its date. What was loaded as history is filled as history. */
async function requestsFor(asked: readonly Wanted[], { sport, checkId, now }: Asking, { warehouse }: Pick<Ports, 'warehouse'>): Promise<readonly ScrapeRequested[]> {
  const dates = [...new Set(asked.map(({ gameDate }) => gameDate))];
  const [until, from] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return [];
  const wasLived = await loadLivedThrough(warehouse, { from, until, today: gameDateOf(now) });
  return dates.flatMap((gameDate) => boxScoreScrapers.filter((scraper) => isScraperEnabled(scraper, gameDate)).map(({ name: scraper }): ScrapeRequested => ({
    sport, purpose: wasLived(gameDate) ? 'live' : 'history', workflow: 'boxscore-backfill', scraper, gameDate, untilDate: gameDate, requestedAt: now, games: asked.filter((one) => one.gameDate === gameDate).map(({ game }) => game), decisionId: checkId, requestId: `${checkId}_${gameDate}_${scraper}`,
  })));
}
