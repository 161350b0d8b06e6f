import { after, gameDate, hours, type EpochMs, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { mayMove, observeOutputs, type Observation } from '@handoff/ledger';
import { readPulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Ports, StateDocument, StateRef } from '@handoff/ports';
import { loadObservedOutputs, loadSlates, type ObservedOutput, type Slates } from '@handoff/read-models';
import { addDays, gameDateOf } from '@handoff/slate';
import { compareRecent } from './compare-recent.ts';
import ledgerInView from './ledger-in-view.sql';

/** What was rightly empty by observation may still fill for this long. */
const recentDays = 2;
/** A row that somebody else wrote or deleted leaves no pulse: at the latest after this long it is seen all the same. */
const lookAtLeastEvery = hours(2);

/** What the last look found, and when the next one is worth something although nothing was written. */
interface LookDocument extends StateDocument {
  readonly pulse: number;
  readonly nextLookAt: EpochMs;
}

const lookRef: StateRef = { collection: 'ledger_looks', id: 'last' };

/**
 * Moves the states of every date that has something open, by what the warehouse holds; the whole season, not
 * a sliding window. It looks when an output was written, when a due time or a tip-off has passed, and every two
 * hours. A query that fails throws: nothing is ever taken for missing because it could not be read.
 */
export async function reconcileLedger({ ports }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const pulse = await readPulse(ports.state);
  const last = await ports.state.get<LookDocument>(lookRef);
  if (last?.value.pulse === pulse && now < last.value.nextLookAt) return { outcome: 'nothing-new' };
  const recent = addDays(gameDateOf(now), -recentDays);
  const inView = await ports.warehouse.query<ExpectedOutputRow>({ name: 'reconcile-ledger/ledger-in-view', text: ledgerInView }, { recent: { type: 'DATE', value: recent } });
  const rows = inView.filter((row) => mayMove(row, recent));
  const { moved, boundaries } = await observe(rows, now, ports);
  await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: moved });
  const nextLookAt = boundaries.filter((at) => at > now).reduce((earliest, at) => (at < earliest ? at : earliest), after(now, lookAtLeastEvery));
  const disagreements = await compareRecent(ports, withMoved(inView, moved).filter((row) => row.game_date >= recent), now);
  await ports.state.batch([{ kind: 'set', ref: lookRef, value: { pulse, nextLookAt } satisfies LookDocument }]);
  return { outcome: moved.length === 0 ? 'unchanged' : 'moved', facts: { open: rows.length, moved: moved.length, disagreements } };
}

const identityOf = ({ game_date: date, output, scope }: ExpectedOutputRow): string => `${date}|${output}|${scope}`;

function withMoved(rows: readonly ExpectedOutputRow[], moved: readonly ExpectedOutputRow[]): readonly ExpectedOutputRow[] {
  const now = new Map(moved.map((row) => [identityOf(row), row]));
  return rows.map((row) => now.get(identityOf(row)) ?? row);
}

interface Observed {
  readonly moved: readonly ExpectedOutputRow[];
  /** The instants at which a state may change by time alone. */
  readonly boundaries: readonly EpochMs[];
}

async function observe(rows: readonly ExpectedOutputRow[], now: EpochMs, ports: Ports): Promise<Observed> {
  const dates = [...new Set(rows.map((row) => row.game_date))];
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return { moved: [], boundaries: [] };
  const observed = await loadObservedOutputs(ports.warehouse, new Set(rows.map((row) => row.output)), { from: gameDate(from), until: gameDate(until) });
  const slates = await loadSlates(ports, gameDate(from), gameDate(until));
  const moved = dates.flatMap((date) => {
    const before = rows.filter((row) => row.game_date === date);
    const states = observeOutputs({ rows: before, observations: observationsOf(observed, date), tipOffs: tipOffsOn(slates, gameDate(date)), now });
    return states.filter((row, index) => row !== before[index]);
  });
  const tipOffs = dates.flatMap((date) => [...tipOffsOn(slates, gameDate(date)).values()]);
  return { moved, boundaries: [...rows.map((row) => row.expected_by), ...tipOffs] };
}

const tipOffsOn = (slates: Slates, date: GameDate): ReadonlyMap<string, EpochMs> =>
  new Map((slates.get(date) ?? []).filter(({ status }) => status !== 'postponed').map((game) => [game.officialId as string, game.tipAt]));

function observationsOf(observed: readonly ObservedOutput[], date: string): readonly Observation[] {
  return observed
    .filter((row) => row.game_date === date)
    .map((row) => ({ output: row.output, scope: row.scope, rowCount: row.row_count, isDegraded: row.degraded_count > 0 }));
}
