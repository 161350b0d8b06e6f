import { gameDate, type ExpectedOutputRow } from '@handoff/contracts';
import { observedReasons, observeOutputs, type Observation } from '@handoff/ledger';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { addDays, gameDateOf } from '@handoff/slate';
import { observedStatement } from './observed-statement.ts';
import openLedger from './open-ledger.sql';

export { observedStatement };

/** What was rightly empty by observation may still fill for this long. */
const recentDays = 2;

interface ObservedRow extends Record<string, unknown> {
  readonly output: string;
  readonly game_date: string;
  readonly scope: string;
  readonly row_count: number;
  readonly degraded_count: number;
}

/**
 * Moves the states of every date that has something open, by what the warehouse holds; the whole season, not
 * a sliding window. A query that fails throws: nothing is ever taken for missing because it could not be read.
 */
export async function reconcileLedger({ ports }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const rows = await ports.warehouse.query<ExpectedOutputRow>(
    { name: 'reconcile-ledger/open-ledger', text: openLedger },
    { observed_reasons: { type: 'ARRAY<STRING>', value: observedReasons }, recent: { type: 'DATE', value: addDays(gameDateOf(now), -recentDays) } },
  );
  const dates = [...new Set(rows.map((row) => row.game_date))];
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return { outcome: 'nothing-open' };
  const observed = await ports.warehouse.query<ObservedRow>(observedStatement(new Set(rows.map((row) => row.output))), { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } });
  const slates = await loadSlates(ports, gameDate(from), gameDate(until));
  const moved = dates.flatMap((date) => {
    const before = rows.filter((row) => row.game_date === date);
    const tipOffs = new Map((slates.get(gameDate(date)) ?? []).filter(({ status }) => status !== 'postponed').map((game) => [game.officialId as string, game.tipAt]));
    const after = observeOutputs({ rows: before, observations: observationsOf(observed, date), tipOffs, now });
    return after.filter((row, index) => row !== before[index]);
  });
  await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: moved });
  return { outcome: moved.length === 0 ? 'unchanged' : 'moved', facts: { dates: dates.length, moved: moved.length } };
}

function observationsOf(observed: readonly ObservedRow[], date: string): readonly Observation[] {
  return observed
    .filter((row) => row.game_date === date)
    .map((row) => ({ output: row.output, scope: row.scope, rowCount: row.row_count, isDegraded: row.degraded_count > 0 }));
}
