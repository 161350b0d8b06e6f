import type { ExpectedOutputRow, GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import ledgerOfDates from './ledger-of-dates.sql';

/** Every row of the ledger of some game dates, settled or not. */
export const loadLedgerOfDates = (warehouse: Warehouse, dates: readonly GameDate[]): Promise<readonly ExpectedOutputRow[]> =>
  warehouse.query<ExpectedOutputRow>({ name: 'read-models/ledger-of-dates', text: ledgerOfDates }, { dates: { type: 'ARRAY<DATE>', value: dates } });
