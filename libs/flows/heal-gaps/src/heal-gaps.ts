import { healingPolicy, scraperNamed } from '@handoff/catalogue';
import { elapsed, gameDate, minutes, type EpochMs, type ExpectedOutputRow, type GameDate, type Sport } from '@handoff/contracts';
import { openGaps, writeGap } from '@handoff/gap-ledger';
import { haltOf, lostScrapersOf, planRepairs, type Gap, type GapAction, type KeptAnswer } from '@handoff/ledger';
import type { FlowContext, FlowReport, Ports } from '@handoff/ports';
import { loadLedgerOfDates, loadSeasonSchedule, loadSlates, loadStoredAnswers, type Slates } from '@handoff/read-models';
import { noteFailedWork } from '@handoff/retry-queue';
import { gameDateOf, type SlateGame } from '@handoff/slate';
import { workOf } from './repair-work.ts';

/** A repair is asked for once: the gap knows what to do when nothing came of it. */
const oncePolicy = { firstDelayMs: minutes(0), backoffMs: minutes(15), jitterMax: 0, attemptsMax: 1 } as const;

export interface HealRequest {
  readonly sport: Sport;
  /** True: every open gap, whenever its next round would be; by people's order. */
  readonly isRegardless?: boolean;
  /** Who asks, for the record; the function itself where nobody is named. */
  readonly by?: string;
}

interface Asking extends Pick<HealRequest, 'isRegardless' | 'by'> {
  readonly correlationId?: string;
}

/** What is to be done about the gaps that are due, and nothing of it done. */
export async function planHealing(ports: Ports, now: EpochMs, { isRegardless = false, by = 'self-heal', correlationId = 'none' }: Asking = {}): Promise<readonly GapAction[]> {
  const open = await openGaps(ports.state);
  const gaps = isRegardless ? open.map((gap): Gap => ({ ...gap, nextActionAt: now })) : open.filter(({ nextActionAt }) => nextActionAt !== null && nextActionAt <= now);
  const dates = [...new Set(gaps.map(({ gameDate }) => gameDate))].sort();
  if (dates.length === 0) return [];
  const rows = await loadLedgerOfDates(ports.warehouse, dates);
  const slates = await slatesOf(ports, dates);
  const kept = await keptAnswers(gaps, rows, ports);
  const isOffSeason = !isRegardless && (await hasNoGamesAhead(gaps, ports, now));
  return planRepairs({ gaps, rows, slateOf: (gap: Gap) => slates.get(gap.gameDate) ?? [], keptOf: (scraper, date) => kept.get(`${scraper}|${date}`) ?? [], isOffSeason, asked: { by, correlationId }, now }, healingPolicy);
}

/** What is stored of what was loaded and is lost, by scraper and date. Nothing is listed where nothing is lost. */
async function keptAnswers(gaps: readonly Gap[], rows: readonly ExpectedOutputRow[], { objects }: Ports): Promise<ReadonlyMap<string, readonly KeptAnswer[]>> {
  const kept = new Map<string, readonly KeptAnswer[]>();
  for (const gap of gaps) {
    for (const scraper of lostScrapersOf(gap, rows)) {
      const key = `${scraper}|${gap.gameDate}`;
      if (!kept.has(key)) kept.set(key, (await loadStoredAnswers(objects, scraperNamed(scraper), gap.gameDate)).answers);
    }
  }
  return kept;
}

/** Whether it is off season; asked for old gaps alone, since it takes a query. */
async function hasNoGamesAhead(gaps: readonly Gap[], { warehouse }: Ports, now: EpochMs): Promise<boolean> {
  if (!gaps.some(({ openedAt }) => elapsed(openedAt, now) >= healingPolicy.oldAfterMs)) return false;
  const today = gameDateOf(now);
  const schedule = await loadSeasonSchedule(warehouse, today);
  const dates = schedule.filter(({ is_postponed: isPostponed }) => !isPostponed).map((row) => gameDate(row.game_date));
  return haltOf(today, [...new Set(dates)].sort()) === 'off-season';
}

/** Date by date: gaps lie far apart, and what lies between is nobody's question. */
async function slatesOf(ports: Ports, dates: readonly GameDate[]): Promise<Slates> {
  const slates = new Map<GameDate, readonly SlateGame[]>();
  for (const date of dates) for (const [day, games] of await loadSlates(ports, date, date)) slates.set(day, games);
  return slates;
}

/**
 * Begins the repairs of the gaps that are due: each goes into the retry queue, which sends it within the budget of the
 * hour and sees whether the rows came; then the gap is told. A repetition after a crash in between finds the same work
 * in the queue. Nothing is closed here: that is for the ledger, which sees the rows.
 *
 * @throws what a read throws: what could not be seen is not repaired.
 */
export async function healGaps({ sport, isRegardless = false, by = 'self-heal' }: HealRequest, { ports, log, correlationId }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const actions = await planHealing(ports, now, { isRegardless, by, correlationId });
  let [repairs, stopped] = [0, 0];
  for (const { gap, next, repairs: planned, saying } of actions) {
    for (const repair of planned) await noteFailedWork(ports, { work: workOf(repair, { sport, now, correlationId }), failure: { type: 'transient', code: 'output-missing', message: `${gap.missing.length} missing: ${saying}` }, policy: oncePolicy });
    await writeGap(ports.state, next);
    log.info({ gap: `${gap.gameDate} ${gap.flow} ${gap.subject}`, missing: gap.missing.length, saying }, 'gap acted on');
    repairs += planned.length;
    if (planned.length === 0) stopped += 1;
  }
  return { outcome: actions.length === 0 ? 'nothing-due' : 'acted', facts: { gaps: actions.length, repairs, stopped } };
}
