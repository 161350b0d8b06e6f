import { outputNamed } from '@handoff/catalogue';
import { after, gameDate, hours, pairOf, type EpochMs, type ExpectedOutputRow, type GameDate, type PipelineError, type Sport } from '@handoff/contracts';
import { hasFewerRows, mayMove, observeOutputs, type Observation } from '@handoff/ledger';
import { readPulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Ports, StateDocument, StateRef } from '@handoff/ports';
import { loadChangedOutputs, loadLedgerOfDates, loadObservedOutputs, loadSlates, type ObservedOutput, type Slates } from '@handoff/read-models';
import { addDays, easternHour, gameDateOf, seasonStart, seasonYearOf } from '@handoff/slate';
import { compareRecent } from './compare-recent.ts';
import ledgerInView from './ledger-in-view.sql';
import { loadAsks } from './load-asks.ts';
import { settleGapsOf } from './settle-gaps.ts';
import { toldOf } from './told-rows.ts';

/** What was rightly empty by observation may still fill for this long. */
const recentDays = 2;
/** A row that somebody else wrote or deleted leaves no pulse: at the latest after this long it is seen all the same. */
const lookAtLeastEvery = hours(2);

/** From this Eastern hour on the whole season is looked at once a day, settled rows too: before the morning's checks. */
const wholeLookHour = 5;

/** What the last look found, and when the next one is worth something although nothing was written. */
interface LookDocument extends StateDocument {
  readonly pulse: number;
  readonly nextLookAt: EpochMs;
  /** The last date on which the whole season was looked at. */
  readonly wholeLookOn: GameDate | null;
}

const lookRef: StateRef = { collection: 'ledger_looks', id: 'last' };

/**
 * Moves the states of every date that has something open, by what the warehouse holds, and once a day those of the
 * whole season, so that what somebody deleted is missed again, a part of it too; then opens and ends gaps. It looks when an output was
 * written, when a due time or a tip-off has passed, when a gap is to be acted on, and every two hours. A query that
 * fails throws: nothing is ever taken for missing because it could not be read.
 */
export async function reconcileLedger(sport: Sport, context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const now = ports.clock.now();
  const today = gameDateOf(now);
  const pulse = await readPulse(ports.state);
  const last = (await ports.state.get<LookDocument>(lookRef))?.value;
  const isWhole = last?.wholeLookOn !== today && easternHour(now) >= wholeLookHour;
  if (!isWhole && last?.pulse === pulse && now < last.nextLookAt) return { outcome: 'nothing-new' };
  const recent = addDays(today, -recentDays);
  const inView = await ports.warehouse.query<ExpectedOutputRow>({ name: 'reconcile-ledger/ledger-in-view', text: ledgerInView }, { recent: { type: 'DATE', value: recent } });
  const changed = isWhole ? await loadChangedOutputs(ports.warehouse, { from: seasonStart(seasonYearOf(today)), until: today }) : [];
  const rows = distinct([...inView.filter((row) => mayMove(row, recent)), ...changed, ...(await leaningOn(changed, ports))]);
  const { moved, boundaries, unread } = await observe(sport, { rows, now }, ports);
  if (unread !== undefined) context.log.warn({ code: unread.code, error: unread }, 'who was asked for what could not be read');
  await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: moved });
  const gaps = await settleGapsOf(sport, withMoved(rows, moved), context);
  const times = gaps.nextActionAt === undefined ? boundaries : [...boundaries, gaps.nextActionAt];
  const nextLookAt = times.filter((at) => at > now).reduce((earliest, at) => (at < earliest ? at : earliest), after(now, lookAtLeastEvery));
  const disagreements = await compareRecent(sport, { rows: withMoved(inView, moved).filter((row) => row.game_date >= recent), now }, context);
  await ports.state.batch([{ kind: 'set', ref: lookRef, value: { pulse, nextLookAt, wholeLookOn: isWhole ? today : (last?.wholeLookOn ?? null) } satisfies LookDocument }]);
  return { outcome: moved.length === 0 ? 'unchanged' : 'moved', facts: { open: rows.length, moved: moved.length, changed: changed.length, disagreements, gapsOpened: gaps.opened, gapsEnded: gaps.ended, gapsOpen: gaps.open } };
}

const identityOf = ({ game_date: date, output, scope }: ExpectedOutputRow): string => `${date}|${output}|${scope}`;

const distinct = (rows: readonly ExpectedOutputRow[]): readonly ExpectedOutputRow[] => [...new Map(rows.map((row) => [identityOf(row), row])).values()];

/** The rows as they are after `moved`. */
function withMoved(rows: readonly ExpectedOutputRow[], moved: readonly ExpectedOutputRow[]): readonly ExpectedOutputRow[] {
  const now = new Map(moved.map((row) => [identityOf(row), row]));
  return rows.map((row) => now.get(identityOf(row)) ?? row);
}

/** The rows that are rightly empty because others stand in for them, of the dates on which such others have changed. */
async function leaningOn(changed: readonly ExpectedOutputRow[], { warehouse }: Ports): Promise<readonly ExpectedOutputRow[]> {
  const dates = changed.filter(({ output }) => outputNamed(output)?.alternativeOf !== undefined).map((row) => gameDate(row.game_date));
  if (dates.length === 0) return [];
  const ledger = await loadLedgerOfDates(warehouse, [...new Set(dates)]);
  return ledger.filter((row) => mayMove(row, gameDate(row.game_date)));
}

interface Observed {
  readonly moved: readonly ExpectedOutputRow[];
  /** The instants at which a state may change by time alone. */
  readonly boundaries: readonly EpochMs[];
  /** Why it is not known who was asked for what. */
  readonly unread: PipelineError | undefined;
}

async function observe(sport: Sport, { rows, now }: { readonly rows: readonly ExpectedOutputRow[]; readonly now: EpochMs }, ports: Ports): Promise<Observed> {
  const dates = [...new Set(rows.map((row) => row.game_date))].sort();
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return { moved: [], boundaries: [], unread: undefined };
  const observed = await loadObservedOutputs(ports.warehouse, new Set(rows.map((row) => row.output)), { from: gameDate(from), until: gameDate(until) });
  const slates = await loadSlates(ports, gameDate(from), gameDate(until));
  const isSeen = new Set(observed.map(({ game_date: date, output, scope }) => `${date}|${pairOf(output, scope)}`));
  const { asks, unread } = await loadAsks(ports, rows.filter((row) => !isSeen.has(`${row.game_date}|${pairOf(row.output, row.scope)}`) && row.expected_by <= now));
  const moved: ExpectedOutputRow[] = [];
  for (const date of dates.map(gameDate)) {
    const before = rows.filter((row) => row.game_date === date);
    const observations = observationsOf(observed, date);
    const told = await toldOf(ports, fewerOf(before, observations), { sport, date });
    const states = observeOutputs({ rows: before, observations, told, tipOffs: tipOffsOn(slates, date), asks: asks === undefined ? undefined : (asks.get(date) ?? []), now });
    moved.push(...states.filter((row, index) => row !== before[index]));
  }
  const tipOffs = dates.flatMap((date) => [...tipOffsOn(slates, gameDate(date)).values()]);
  return { moved, boundaries: [...rows.map((row) => row.expected_by), ...tipOffs], unread };
}

function fewerOf(rows: readonly ExpectedOutputRow[], observations: readonly Observation[]): readonly ExpectedOutputRow[] {
  const seen = new Map(observations.map(({ output, scope, rowCount }) => [pairOf(output, scope), rowCount]));
  return rows.filter((row) => hasFewerRows(row, seen.get(pairOf(row.output, row.scope)) ?? 0));
}

const tipOffsOn = (slates: Slates, date: GameDate): ReadonlyMap<string, EpochMs> =>
  new Map((slates.get(date) ?? []).filter(({ status }) => status !== 'postponed').map((game) => [game.officialId as string, game.tipAt]));

function observationsOf(observed: readonly ObservedOutput[], date: string): readonly Observation[] {
  return observed
    .filter((row) => row.game_date === date)
    .map((row) => ({ output: row.output, scope: row.scope, rowCount: row.row_count, isDegraded: row.degraded_count > 0 }));
}
