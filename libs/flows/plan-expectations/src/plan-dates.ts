import { gameDate, hashOf, type GameDate, type OutputsCompleted, type Sport } from '@handoff/contracts';
import { openGaps } from '@handoff/gap-ledger';
import { haltOf, outdatedPlans, planExpectations, planHistory, type PlannedOn } from '@handoff/ledger';
import { notePulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, StateDocument } from '@handoff/ports';
import { loadLedgerOfDates, loadLivedThrough, loadSeasonSchedule, loadSlates } from '@handoff/read-models';
import { addDays, gameDateOf, seasonStart, seasonYearOf } from '@handoff/slate';
import gameDatesOfSeason from './game-dates.sql';
import { planDecisions } from './plan-decisions.ts';
import plannedGames from './planned-games.sql';

/**
 * Writes what should exist for some dates, at least one, ascending. Repeating it changes only what the schedule has
 * changed: a game that was postponed or moved is planned on its new date and EMPTY_OK on the old one.
 */
export async function planDates(dates: readonly [GameDate, ...GameDate[]], { ports }: FlowContext): Promise<FlowReport> {
  const from = dates[0];
  const until = dates.at(-1) ?? from;
  const slates = await loadSlates(ports, from, until);
  const known = await loadLedgerOfDates(ports.warehouse, dates);
  const season = await ports.warehouse.query<{ game_date: string }>(
    { name: 'plan-expectations/game-dates', text: gameDatesOfSeason },
    { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(from)) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYearOf(until) + 1), -1) } },
  );
  const datesWithGames = season.map((row) => gameDate(row.game_date));
  const now = ports.clock.now();
  // Of a date before the first that was lived through here what a history holds is expected, and no more.
  const wasLived = await loadLivedThrough(ports.warehouse, { from, until, today: gameDateOf(now) });
  const rows = dates.flatMap((date) => {
    const ofDate = known.filter((row) => row.game_date === date);
    const input = { gameDate: date, slate: slates.get(date) ?? [], halt: haltOf(date, datesWithGames), known: ofDate, now };
    return wasLived(date) ? planExpectations(input) : planHistory(input);
  });
  const { inserted, updated } = await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows });
  await notePulse(ports.state);
  return { outcome: 'planned', facts: { from, until, dates: dates.length, expected: rows.filter(({ state }) => state !== 'EMPTY_OK').length, inserted, updated } };
}

/**
 * Yesterday, which is still being graded, and today; the dates of the season that are not planned as the schedule has
 * them, however old; and those with an open gap, of which nothing may be expected any more. What the controller is
 * expected to decide is written first: it needs no warehouse but for the slates.
 */
export async function planAhead(sport: Sport, context: FlowContext): Promise<FlowReport> {
  await planDecisions(sport, context.ports);
  const { clock, state } = context.ports;
  const today = gameDateOf(clock.now());
  const yesterday = addDays(today, -1);
  const withGaps = (await openGaps(state)).map((gap) => gap.gameDate);
  const earlier = [...(await outdatedUntil(yesterday, context)), ...withGaps].filter((date) => date < yesterday);
  const [first = yesterday, ...rest] = [...new Set(earlier)].sort();
  return planDates([first, ...rest, ...(first === yesterday ? [] : [yesterday]), today], context);
}

/** The dates of the season until one, included, that are not planned as the schedule has them. */
async function outdatedUntil(until: GameDate, { ports: { warehouse } }: FlowContext): Promise<readonly GameDate[]> {
  const schedule = await loadSeasonSchedule(warehouse, until);
  const planned = await warehouse.query<PlannedOn & Record<string, unknown>>(
    { name: 'plan-expectations/planned-games', text: plannedGames },
    { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(until)) }, until_date: { type: 'DATE', value: until } },
  );
  return outdatedPlans(schedule.filter(({ game_date: date }) => date <= until), planned);
}

interface PlannedSchedule extends StateDocument {
  readonly contentHash: string;
}

/** Plans again when the schedule of a live date says something new: a postponement, a move, another tip-off. */
export async function planChanged(message: OutputsCompleted, context: FlowContext): Promise<FlowReport> {
  const games = message.completions.filter(({ output }) => output === 'nba_raw.nbac_schedule');
  const [first] = games;
  if (first === undefined || message.purpose !== 'live') return { outcome: 'not-concerned' };
  const { state } = context.ports;
  const ref = { collection: 'planned_schedules', id: `${message.sport}_${first.gameDate}` };
  const contentHash = hashOf(games.map((game) => `${game.gameDate} ${game.scope} ${game.contentHash}`).sort().join('\n'));
  const known = await state.get<PlannedSchedule>(ref);
  if (known?.value.contentHash === contentHash) return { outcome: 'unchanged' };
  const report = await planAhead(message.sport, context);
  await state.batch([{ kind: 'set', ref, value: { contentHash } satisfies PlannedSchedule }]);
  return report;
}
