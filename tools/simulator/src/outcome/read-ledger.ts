import type { EpochMs, ExpectedOutputRow, GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';

/** How the ledger sees one output of one scope. */
export interface LedgerEntry {
  readonly gameDate: string;
  readonly output: string;
  readonly scope: string;
  readonly state: string;
  readonly reason: string;
  readonly expectedBy: EpochMs;
}

const text = 'SELECT ledger.game_date, ledger.output, ledger.scope, ledger.state, ledger.reason, ledger.expected_by FROM `nba_orchestration.expected_outputs` AS ledger WHERE ledger.game_date BETWEEN @from_date AND @until_date ORDER BY ledger.game_date, ledger.output, ledger.scope';

export async function readLedger(warehouse: Warehouse, from: GameDate, to: GameDate): Promise<readonly LedgerEntry[]> {
  const rows = await warehouse.query<Pick<ExpectedOutputRow, 'game_date' | 'output' | 'scope' | 'state' | 'reason' | 'expected_by'>>(
    { name: 'simulator/ledger', text }, { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: to } },
  );
  return rows.map((row) => ({ gameDate: row.game_date, output: row.output, scope: row.scope, state: row.state, reason: row.reason, expectedBy: row.expected_by }));
}
