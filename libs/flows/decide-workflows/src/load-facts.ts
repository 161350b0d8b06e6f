import { workflows, type Workflow } from '@handoff/catalogue';
import { before, days, OfficialGameId, PipelineError, type EpochMs, type GameDate, type ScraperExecutionRow } from '@handoff/contracts';
import { loadLateLogRows } from '@handoff/log-rows';
import type { Ports } from '@handoff/ports';
import { collectedGamesStatement, loadSlates } from '@handoff/read-models';
import { addDays, gameDateOf } from '@handoff/slate';
import type { ControllerFacts } from './controller-facts.ts';
import scraperRuns from './scraper-runs.sql';

type RunRow = Pick<ScraperExecutionRow, 'execution_id' | 'workflow' | 'scraper_name' | 'game_date' | 'status' | 'triggered_at'>;

/** As far back as the longest look-back of a workflow rule. */
const lookbackDays = Math.max(...(workflows as readonly Workflow[]).map(({ rule }) => (rule.kind === 'catch-up' ? rule.lookbackDays : 1)));

/** What the controller decides by, and why a part of it is not known. */
export interface LoadedFacts {
  readonly facts: ControllerFacts;
  readonly unread: PipelineError | undefined;
}

/**
 * Reads what the controller decides by. A slate or a log of runs that cannot be read throws: without them there is no
 * decision. What is collected is another matter: one table that refuses us must not keep the others from being filled.
 * Runs whose row the warehouse has not taken yet are read from where they wait, so that nothing is asked for again on
 * account of a log that cannot be written.
 */
export async function loadFacts({ warehouse, state }: Ports, now: EpochMs): Promise<LoadedFacts> {
  const today = gameDateOf(now);
  const from = addDays(today, -lookbackDays);
  const slates = await loadSlates({ warehouse, state }, from, addDays(today, 1));
  const since = before(now, days(2));
  const written = await warehouse.query<RunRow>({ name: 'decide-workflows/scraper-runs', text: scraperRuns }, { since: { type: 'TIMESTAMP', value: since } });
  const runs = withLate(written, (await loadLateLogRows<ScraperExecutionRow>(state, 'nba_orchestration.scraper_execution_log')).filter(({ triggered_at: at }) => at >= since));
  const { collected, unread } = await loadCollected(warehouse, from, today);
  const facts: ControllerFacts = {
    now,
    slates,
    collected,
    isScheduleKnown: runs.some((row) => row.scraper_name === 'nbac_schedule_api' && row.status === 'success'),
    runs: runs.map((row) => ({ workflow: row.workflow, scraper: row.scraper_name, gameDate: row.game_date, status: row.status, triggeredAt: row.triggered_at })),
  };
  return { facts, unread };
}

async function loadCollected(warehouse: Ports['warehouse'], from: GameDate, until: GameDate): Promise<Pick<ControllerFacts, 'collected'> & Pick<LoadedFacts, 'unread'>> {
  try {
    const rows = await warehouse.query<{ nba_game_id: string }>(
      collectedGamesStatement(),
      { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } },
    );
    return { collected: new Set(rows.map((row) => OfficialGameId.parse(row.nba_game_id))), unread: undefined };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { collected: undefined, unread: error };
  }
}

/** A late row is the newer of its run. In order of time, as the rules expect it. */
function withLate(written: readonly RunRow[], late: readonly RunRow[]): readonly RunRow[] {
  if (late.length === 0) return written;
  const isLate = new Set(late.map(({ execution_id: id }) => id));
  return [...written.filter(({ execution_id: id }) => !isLate.has(id)), ...late].sort((left, right) => left.triggered_at - right.triggered_at);
}
