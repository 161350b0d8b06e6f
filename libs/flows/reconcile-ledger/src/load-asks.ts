import { outputNamed, scrapers } from '@handoff/catalogue';
import { before, days, gameDate, PipelineError, type ExpectedOutputRow, type GameDate, type ScraperExecutionRow } from '@handoff/contracts';
import type { Ask } from '@handoff/ledger';
import { loadLateLogRows } from '@handoff/log-rows';
import type { Ports } from '@handoff/ports';
import { easternTime } from '@handoff/slate';
import asksOfDates from './asks-of-dates.sql';

type RunRow = Pick<ScraperExecutionRow, 'execution_id' | 'scraper_name' | 'game_date' | 'status' | 'triggered_at' | 'completed_at' | 'data_summary'>;

const log = 'nba_orchestration.scraper_execution_log';

/** The earliest that anything of a date is asked for, before it begins. */
const lead = days(1);

/** What is known of the questions that soft outputs depend on. */
export interface LoadedAsks {
  /** By game date; undefined where they could not be read. */
  readonly asks: ReadonlyMap<string, readonly Ask[]> | undefined;
  readonly unread: PipelineError | undefined;
}

/**
 * Who was asked for the soft outputs among `rows`, which hold nothing, and who has answered; runs whose row the
 * warehouse has not taken yet are read from where they wait. A log that cannot be read keeps nothing else of the ledger
 * from moving: what depends on it stays as it was.
 */
export async function loadAsks({ warehouse, state }: Pick<Ports, 'warehouse' | 'state'>, rows: readonly ExpectedOutputRow[]): Promise<LoadedAsks> {
  const soft = rows.filter(({ output }) => outputNamed(output)?.need === 'soft');
  const names: ReadonlySet<string> = new Set(soft.map(({ output }) => output));
  const asked = scrapers.filter(({ loads }) => names.has(loads));
  const dates = [...new Set(soft.map((row) => gameDate(row.game_date)))].sort();
  const [first] = dates;
  if (first === undefined) return { asks: new Map(), unread: undefined };
  try {
    const runs = await loadRuns({ warehouse, state }, { first, dates, scrapers: asked.map(({ name }) => name) });
    return { asks: new Map(dates.map((date) => [date, asked.flatMap(({ name, loads }) => runs.filter((run) => run.game_date === date && run.scraper_name === name).map((run) => askOf(run, loads)))])), unread: undefined };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { asks: undefined, unread: error };
  }
}

interface Wanted {
  readonly first: GameDate;
  readonly dates: readonly GameDate[];
  readonly scrapers: readonly string[];
}

async function loadRuns({ warehouse, state }: Pick<Ports, 'warehouse' | 'state'>, { first, dates, scrapers: names }: Wanted): Promise<readonly RunRow[]> {
  const written = await warehouse.query<RunRow>({ name: 'reconcile-ledger/asks-of-dates', text: asksOfDates }, {
    since: { type: 'TIMESTAMP', value: before(easternTime(first, 0, 0), lead) }, dates: { type: 'ARRAY<DATE>', value: dates }, scrapers: { type: 'ARRAY<STRING>', value: names },
  });
  const late = await loadLateLogRows<ScraperExecutionRow>(state, log);
  // A late row is the newer of its run.
  const isLate = new Set(late.map(({ execution_id: id }) => id));
  return [...written.filter(({ execution_id: id }) => !isLate.has(id)), ...late];
}

function askOf({ status, triggered_at: askedAt, completed_at: answeredAt, data_summary: summary }: RunRow, output: string): Ask {
  const games = (summary as { readonly games?: readonly string[] } | null)?.games;
  return { output, askedAt, answeredAt: status === 'failed' ? null : answeredAt, ...(games === undefined ? {} : { games }) };
}
