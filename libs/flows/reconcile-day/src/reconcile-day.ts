import { reconciliation } from '@handoff/catalogue';
import { gameDate, type EpochMs, type GameDate } from '@handoff/contracts';
import type { FlowContext, FlowReport, Ports, StateDocument, StateRef } from '@handoff/ports';
import { addDays, datesBetween, gameDateOf } from '@handoff/slate';
import { compareSteps, type Reconciliation } from './compare-steps.ts';
import { keepScorecard } from './keep-scorecard.ts';
import { tellFindings } from './tell-findings.ts';

/** `open_reconciliations`: one document per date that something was found of, until it is whole or too old to look at. */
const openReconciliations = 'open_reconciliations';

interface OpenDocument extends StateDocument {
  readonly foundAt: EpochMs;
}

/** Through which date was looked at: the days of an outage are caught up with. */
interface ThroughDocument extends StateDocument {
  readonly through: GameDate;
}

const throughRef: StateRef = { collection: 'reconciled_through', id: 'last' };

/**
 * Reconciles yesterday, the dates since the last look, and again every date of the last two weeks that lacked something:
 * compares its steps, keeps its scorecard, tells of what is missing and resolves what is not any more. At 06:00 ET
 * grades are not due; the look at noon is the first that judges them. Idempotent.
 *
 * @param dueAt - when the look was due, which says what yesterday is: it may be made up for after midnight.
 * @throws what the state store and the warehouse throw: a date that cannot be read is an error, never a date of which nothing is missing.
 */
export async function reconcileDay(dueAt: EpochMs, { ports, log }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const yesterday = addDays(gameDateOf(dueAt), -1);
  const dates = await datesToLookAt(ports, yesterday);
  const looked: Reconciliation[] = [];
  for (const date of dates) {
    const found = await compareSteps(ports, date, now);
    if (found === undefined) continue;
    looked.push(found);
    await keepScorecard(ports.warehouse, found);
    await tellOnce(ports, found);
    log.info({ gameDate: date, severity: found.severity, score: found.score.score, status: found.score.status }, 'date reconciled');
  }
  await ports.state.batch([{ kind: 'set', ref: throughRef, value: { through: yesterday } satisfies ThroughDocument }]);
  if (looked.length === 0) return { outcome: 'no-games', facts: { dates: dates.length } };
  const below = looked.filter((found) => isOpen(found)).length;
  return { outcome: below === 0 ? 'whole' : 'incomplete', facts: { dates: looked.length, incomplete: below, score: looked.find((found) => found.gameDate === yesterday)?.score.score ?? -1 } };
}

const isOpen = ({ severity, grading }: Reconciliation): boolean => severity !== 'ok' || grading.severity !== 'ok';

async function datesToLookAt({ state }: Ports, yesterday: GameDate): Promise<readonly GameDate[]> {
  const oldest = addDays(yesterday, -reconciliation.openDays);
  const dates = new Set<GameDate>([yesterday]);
  const last = (await state.get<ThroughDocument>(throughRef))?.value.through;
  if (last !== undefined) for (const date of datesBetween(last > oldest ? addDays(last, 1) : oldest, yesterday)) dates.add(date);
  for (const { ref } of await state.query<OpenDocument>({ collection: openReconciliations })) {
    const date = gameDate(ref.id);
    if (date < oldest) await state.batch([{ kind: 'delete', ref }]);
    else dates.add(date);
  }
  return [...dates].sort();
}

/**
 * Tells of a date, and keeps it open while something of it can still come. What was not predicted before its games is
 * told of once: nothing makes up for it, the scorecard keeps it, and the ledger has it as MISSED.
 */
async function tellOnce(ports: Ports, found: Reconciliation): Promise<void> {
  const ref: StateRef = { collection: openReconciliations, id: found.gameDate };
  const known = await ports.state.get<OpenDocument>(ref);
  const isOver = known !== undefined && !isRepairable(found);
  await tellFindings(ports, isOver ? { ...found, severity: 'ok' } : found);
  if (isOpen(found) && !isOver) await ports.state.batch([{ kind: 'set', ref, value: { foundAt: known?.value.foundAt ?? found.now } satisfies OpenDocument }]);
  else if (known !== undefined) await ports.state.batch([{ kind: 'delete', ref }]);
}

/** True while anything that is short can still be made: predictions cannot, once every game of the date has begun. */
const isRepairable = ({ checks, grading, games, now }: Reconciliation): boolean =>
  grading.severity !== 'ok' || games.some(({ status, tipAt }) => status !== 'postponed' && tipAt > now) || checks.some(({ severity, boundary }) => severity !== 'ok' && boundary !== 'features-to-predictions');
