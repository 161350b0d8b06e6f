import { phaseMonitorLimits } from '@handoff/catalogue';
import { before, type EpochMs, type Sport } from '@handoff/contracts';
import { readEvaluations, scrapeRequestIdOf } from '@handoff/decision-state';
import { claimRef, scrapeRef, workKeyOf, type ScrapeDocument } from '@handoff/handoff-state';
import type { StateStore } from '@handoff/ports';
import type { ReleasedRun } from '@handoff/validation';

/**
 * What the controller asked for in the last hours that no scraper has taken up, and stored answers that nothing has
 * begun to load: there is no gate between these, so that nobody else waits for them by name.
 */
export async function loadUntakenScrapes(state: StateStore, sport: Sport, now: EpochMs): Promise<readonly ReleasedRun[]> {
  const evaluations = await readEvaluations(state, sport, { from: before(now, phaseMonitorLimits.scrapesLookBack), until: now });
  const asked = evaluations.flatMap(({ decisions, decidedAt }) => decisions.flatMap(({ workflow, action, scrapers = [] }) => (action === 'RUN' ? scrapers : []).map((scraper) => ({ requestId: scrapeRequestIdOf(sport, decidedAt, { workflow, scraper }), decidedAt }))));
  const untaken: ReleasedRun[] = [];
  for (const { requestId, decidedAt } of asked) {
    const scraped = await state.get<ScrapeDocument>(scrapeRef(requestId));
    if (scraped === undefined) {
      if (!(await isTaken(state, 'phase1-scrape', workKeyOf('scrape-requests', requestId)))) untaken.push({ releaseId: `scrape-requests ${requestId}`, releasedAt: decidedAt, work: 'absent' });
    } else if (scraped.value.files.length > 0 && !(await isTaken(state, 'phase2-raw', workKeyOf('phase1-scrapers-complete', requestId)))) {
      untaken.push({ releaseId: `phase1-scrapers-complete ${requestId}`, releasedAt: scraped.value.completedAt, work: 'absent' });
    }
  }
  return untaken;
}

const isTaken = async (state: StateStore, functionName: 'phase1-scrape' | 'phase2-raw', workKey: string): Promise<boolean> => (await state.get(claimRef(functionName, workKey))) !== undefined;
