import { gameDate, type GameDate, type ScrapeRequested, type Sport } from '@handoff/contracts';
import { addDays, seasonStart, seasonYearOf } from '@handoff/slate';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { settleDueBefore } from './due-jobs.ts';
import type { LocalSystem, OpenProfile } from './local-system.ts';

/** Dates of history that are loaded, of how many, and the last of them. */
export interface HistoryProgress {
  readonly done: number;
  readonly total: number;
  readonly through: GameDate;
}

export interface HistoryOptions {
  readonly sport: Sport;
  /** The first date that is lived through: history is what lies before it. */
  readonly from: GameDate;
  readonly season: RecordedSeason;
  readonly onHistory?: (progress: HistoryProgress) => void;
}

/** History is asked for in ranges of this many days: a few thousand rows, one bar of progress. */
const historyDays = 30;

/** Publishes the requests that a backfill is made of; what an earlier process has done is dropped by its key. */
export async function loadHistory(system: LocalSystem<OpenProfile>, { sport, from, season, onHistory }: HistoryOptions): Promise<void> {
  await request(system, sport, { scraper: 'nbac_schedule_api', gameDate: from, untilDate: from });
  const first = seasonStart(seasonYearOf(from));
  const dates = [...new Set(season.games.map(({ actualDate }) => actualDate))].filter((date) => date >= first && date < from).sort();
  for (let done = 0; done < dates.length; ) {
    const start = dates[done] ?? from;
    const chunk = dates.slice(done).filter((date) => date < addDays(start, historyDays));
    const until = chunk.at(-1) ?? start;
    await request(system, sport, { scraper: 'bdl_player_box_scores', gameDate: start, untilDate: until });
    done += chunk.length;
    onHistory?.({ done, total: dates.length, through: gameDate(until) });
  }
  await settleDueBefore(system.system.ports.state, system.system.ports.clock.now());
  // What a history should hold is planned, and seen, before the first day: what it lacks is a gap like any other.
  await system.fire('expectation-planner');
  await system.fire('ledger-reconciler');
}

async function request(system: LocalSystem<OpenProfile>, sport: Sport, asked: Pick<ScrapeRequested, 'scraper' | 'gameDate' | 'untilDate'>): Promise<void> {
  const { ports } = system.system;
  const requestId = `backfill_${sport}_${asked.gameDate}_${asked.untilDate}_${asked.scraper}`;
  const payload: ScrapeRequested = { sport, purpose: 'history', requestId, decisionId: 'backfill', workflow: 'backfill', requestedAt: ports.clock.now(), ...asked };
  await ports.bus.publish('scrape-requests', { key: requestId, payload, correlationId: requestId });
  await system.settle();
}
