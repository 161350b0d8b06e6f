import { missingGameRetryPolicy, outputNamed, type Scraper } from '@handoff/catalogue';
import type { FilesStored, OfficialGameId, ScrapeRequested } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import type { Slates } from '@handoff/read-models';
import type { FailedWork } from '@handoff/retry';
import { noteFailedWork } from '@handoff/retry-queue';
import type { SlateGame } from '@handoff/slate';

export interface MissingGames {
  readonly scraper: Scraper;
  readonly message: FilesStored;
  readonly slates: Slates;
  readonly missing: readonly OfficialGameId[];
}

/**
 * Has each game that a required output lacks asked for again. A game that is asked for again already has come to the
 * end of that try without success. What loading history lacks is for backfills to find.
 */
export async function retryMissingGames({ scraper, message, slates, missing }: MissingGames, ports: Ports): Promise<void> {
  if (message.purpose === 'history' || outputNamed(scraper.loads)?.need !== 'required') return;
  for (const game of [...slates.values()].flat().filter(({ officialId }) => missing.includes(officialId))) {
    await noteFailedWork(ports, {
      work: missingGameWork(scraper, message, game),
      failure: { type: 'missing-game', code: 'no-rows-for-final-games', message: `${scraper.name} has no rows for ${game.officialId}` },
      policy: missingGameRetryPolicy,
    });
  }
}

/** The same game of the same table is one piece of work, whoever finds it missing; it is another once it has another tip-off or state. */
function missingGameWork(scraper: Scraper, { sport, executionId }: FilesStored, { officialId, gameDate, tipAt, status }: SlateGame): FailedWork {
  const request: Omit<ScrapeRequested, 'requestId' | 'decisionId'> = { sport, purpose: 'live', workflow: 'auto-retry', scraper: scraper.name, gameDate, untilDate: gameDate, requestedAt: tipAt };
  return {
    workKey: `missing-game|${scraper.loads}|${officialId}`,
    kind: 'scrape',
    phase: 'phase1',
    processorName: scraper.loads,
    gameDate,
    correlationId: executionId,
    inputHash: `${tipAt}|${status}`,
    redo: { topic: 'scrape-requests', payload: request, messageKey: null },
    awaits: { gameDate, outputs: [scraper.loads], games: [officialId] },
  };
}
