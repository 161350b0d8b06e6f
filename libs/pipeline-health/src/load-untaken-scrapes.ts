import { phaseMonitorLimits } from '@handoff/catalogue';
import { before, type EpochMs, type Sport } from '@handoff/contracts';
import { readEvaluations, scrapeRequestsOf } from '@handoff/decision-state';
import { claimRef, filesStoredOf, scrapeRef, workKeyOf, type ScrapeDocument } from '@handoff/handoff-state';
import type { StateStore } from '@handoff/ports';
import type { SentRun } from './load-handoffs.ts';

/**
 * What the controller asked for in the last hours that no scraper has taken up, and stored answers that nothing has
 * begun to load: there is no gate between these, so that nobody else waits for them by name.
 */
export async function loadUntakenScrapes(state: StateStore, sport: Sport, now: EpochMs): Promise<readonly SentRun[]> {
  const evaluations = await readEvaluations(state, sport, { from: before(now, phaseMonitorLimits.scrapesLookBack), until: now });
  const asked = evaluations.flatMap(({ decisions, decidedAt }) => decisions.flatMap((decision) => scrapeRequestsOf(decision, { sport, decidedAt })));
  const untaken: SentRun[] = [];
  for (const request of asked) {
    const { requestId, requestedAt } = request;
    const scraped = (await state.get<ScrapeDocument>(scrapeRef(requestId)))?.value;
    const stored = scraped === undefined ? undefined : filesStoredOf(request, scraped);
    if (scraped === undefined) {
      if (!(await isTaken(state, 'phase1-scrape', workKeyOf('scrape-requests', requestId)))) untaken.push({ releaseId: `scrape-requests ${requestId}`, releasedAt: requestedAt, work: 'absent', message: { topic: 'scrape-requests', key: requestId, payload: request } });
    } else if (stored !== undefined && !(await isTaken(state, 'phase2-raw', workKeyOf('phase1-scrapers-complete', requestId)))) {
      untaken.push({ releaseId: `phase1-scrapers-complete ${requestId}`, releasedAt: scraped.completedAt, work: 'absent', message: { topic: 'phase1-scrapers-complete', key: requestId, payload: stored } });
    }
  }
  return untaken;
}

const isTaken = async (state: StateStore, functionName: 'phase1-scrape' | 'phase2-raw', workKey: string): Promise<boolean> => (await state.get(claimRef(functionName, workKey))) !== undefined;
