import { gameDate, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { outputsOfHistory, rowsLost } from '@handoff/ledger';
import type { Warehouse } from '@handoff/ports';
import { addDays, seasonStart, seasonYearOf } from '@handoff/slate';
import ledgerOfDates from './ledger-of-dates.sql';
import livedSince from './lived-since.sql';
import lostRows from './lost-rows.sql';

/** Every row of the ledger of some game dates, settled or not. */
export const loadLedgerOfDates = (warehouse: Warehouse, dates: readonly GameDate[]): Promise<readonly ExpectedOutputRow[]> =>
  warehouse.query<ExpectedOutputRow>({ name: 'read-models/ledger-of-dates', text: ledgerOfDates }, { dates: { type: 'ARRAY<DATE>', value: dates } });

/** An output that has lost rows, and how many there were. */
export type LostRows = Pick<ExpectedOutputRow, 'game_date' | 'output' | 'scope' | 'row_count'>;

/** What has lost rows on some game dates, both included, by the last look of the ledger: they may be there again. */
export const loadLostRows = (warehouse: Warehouse, { from, until }: { readonly from: GameDate; readonly until: GameDate }): Promise<readonly LostRows[]> =>
  warehouse.query<LostRows>({ name: 'read-models/lost-rows', text: lostRows }, { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until }, reason: { type: 'STRING', value: rowsLost } });

/**
 * Tells of game dates of a range, both included, whether they were lived through here and not loaded as history: every
 * date from the first of its season of which more is expected than of a history, and what is not over on `today`.
 */
export async function loadLivedThrough(warehouse: Warehouse, { from, until, today }: { readonly from: GameDate; readonly until: GameDate; readonly today: GameDate }): Promise<(date: GameDate) => boolean> {
  const since = new Map<number, GameDate | undefined>();
  for (let season = seasonYearOf(from); season <= seasonYearOf(until); season += 1) since.set(season, await livedSinceIn(warehouse, season));
  return (date) => {
    const first = since.get(seasonYearOf(date));
    return date >= today || (first !== undefined && date >= first);
  };
}

async function livedSinceIn(warehouse: Warehouse, seasonYear: number): Promise<GameDate | undefined> {
  const [found] = await warehouse.query<{ readonly lived_since: string | null }>({ name: 'read-models/lived-since', text: livedSince }, {
    season_start: { type: 'DATE', value: seasonStart(seasonYear) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYear + 1), -1) }, of_history: { type: 'ARRAY<STRING>', value: outputsOfHistory },
  });
  const first = found?.lived_since ?? null;
  return first === null ? undefined : gameDate(first);
}
