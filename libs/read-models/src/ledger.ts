import { gameDate, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { outputsOfHistory } from '@handoff/ledger';
import type { Warehouse } from '@handoff/ports';
import { addDays, seasonStart } from '@handoff/slate';
import ledgerOfDates from './ledger-of-dates.sql';
import livedSince from './lived-since.sql';

/** Every row of the ledger of some game dates, settled or not. */
export const loadLedgerOfDates = (warehouse: Warehouse, dates: readonly GameDate[]): Promise<readonly ExpectedOutputRow[]> =>
  warehouse.query<ExpectedOutputRow>({ name: 'read-models/ledger-of-dates', text: ledgerOfDates }, { dates: { type: 'ARRAY<DATE>', value: dates } });

/** The first game date of a season that was lived through here and not loaded as history; undefined where none was yet. */
export async function loadLivedSince(warehouse: Warehouse, seasonYear: number): Promise<GameDate | undefined> {
  const [found] = await warehouse.query<{ readonly lived_since: string | null }>({ name: 'read-models/lived-since', text: livedSince }, {
    season_start: { type: 'DATE', value: seasonStart(seasonYear) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYear + 1), -1) }, of_history: { type: 'ARRAY<STRING>', value: outputsOfHistory },
  });
  const first = found?.lived_since ?? null;
  return first === null ? undefined : gameDate(first);
}
