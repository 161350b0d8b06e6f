import { before, days, OfficialGameId, type EpochMs, type ScraperExecutionRow } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { addDays, gameDateOf } from '@handoff/slate';
import collectedGames from './collected-games.sql';
import type { ControllerFacts } from './controller-facts.ts';
import scraperRuns from './scraper-runs.sql';

/** As far back as the longest look-back of a workflow rule. */
const lookbackDays = 3;

/** Reads what the controller decides by. Any query that fails throws: without facts there is no decision. */
export async function loadFacts({ warehouse, state }: Ports, now: EpochMs): Promise<ControllerFacts> {
  const today = gameDateOf(now);
  const from = addDays(today, -lookbackDays);
  const slates = await loadSlates({ warehouse, state }, from, addDays(today, 1));
  const collected = await warehouse.query<{ nba_game_id: string }>(
    { name: 'decide-workflows/collected-games', text: collectedGames },
    { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: today } },
  );
  const runs = await warehouse.query<Pick<ScraperExecutionRow, 'workflow' | 'scraper_name' | 'game_date' | 'status' | 'triggered_at'>>(
    { name: 'decide-workflows/scraper-runs', text: scraperRuns },
    { since: { type: 'TIMESTAMP', value: before(now, days(2)) } },
  );
  return {
    now,
    slates,
    isScheduleKnown: runs.some((row) => row.scraper_name === 'nbac_schedule_api' && row.status === 'success'),
    collected: new Set(collected.map((row) => OfficialGameId.parse(row.nba_game_id))),
    runs: runs.map((row) => ({ workflow: row.workflow, scraper: row.scraper_name, gameDate: row.game_date, status: row.status, triggeredAt: row.triggered_at })),
  };
}
