import { gameDate, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { outputsOfHistory, rowsLost } from '@handoff/ledger';
import type { Warehouse } from '@handoff/ports';
import { addDays, seasonStart } from '@handoff/slate';
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

/** The first game date of a season that was lived through here and not loaded as history; undefined where none was yet. */
export async function loadLivedSince(warehouse: Warehouse, seasonYear: number): Promise<GameDate | undefined> {
  const [found] = await warehouse.query<{ readonly lived_since: string | null }>({ name: 'read-models/lived-since', text: livedSince }, {
    season_start: { type: 'DATE', value: seasonStart(seasonYear) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYear + 1), -1) }, of_history: { type: 'ARRAY<STRING>', value: outputsOfHistory },
  });
  const first = found?.lived_since ?? null;
  return first === null ? undefined : gameDate(first);
}
