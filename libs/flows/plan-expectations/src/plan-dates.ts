import { gameDate, hashOf, type GameDate, type OutputsCompleted, type Sport } from '@handoff/contracts';
import { haltOf, planExpectations, planHistory } from '@handoff/ledger';
import { notePulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, StateDocument } from '@handoff/ports';
import { loadLedgerOfDates, loadLivedThrough, loadSlates } from '@handoff/read-models';
import { addDays, datesBetween, gameDateOf, seasonStart, seasonYearOf } from '@handoff/slate';
import gameDatesOfSeason from './game-dates.sql';
import { planDecisions } from './plan-decisions.ts';
import unplannedDates from './unplanned-dates.sql';

/**
 * Writes what should exist for a range of dates. Repeating it changes only what the schedule has changed:
 * a game that was postponed or moved is planned on its new date and EMPTY_OK on the old one.
 */
export async function planDates(from: GameDate, until: GameDate, { ports }: FlowContext): Promise<FlowReport> {
  const slates = await loadSlates(ports, from, until);
  const known = await loadLedgerOfDates(ports.warehouse, datesBetween(from, until));
  const season = await ports.warehouse.query<{ game_date: string }>(
    { name: 'plan-expectations/game-dates', text: gameDatesOfSeason },
    { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(from)) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYearOf(until) + 1), -1) } },
  );
  const datesWithGames = season.map((row) => gameDate(row.game_date));
  const now = ports.clock.now();
  // Of a date before the first that was lived through here what a history holds is expected, and no more.
  const wasLived = await loadLivedThrough(ports.warehouse, { from, until, today: gameDateOf(now) });
  const rows = datesBetween(from, until).flatMap((date) => {
    const ofDate = known.filter((row) => row.game_date === date);
    const input = { gameDate: date, slate: slates.get(date) ?? [], halt: haltOf(date, datesWithGames), known: ofDate, now };
    return wasLived(date) ? planExpectations(input) : planHistory(input);
  });
  const { inserted, updated } = await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows });
  await notePulse(ports.state);
  return { outcome: 'planned', facts: { from, until, expected: rows.filter(({ state }) => state !== 'EMPTY_OK').length, inserted, updated } };
}

/** Yesterday, which is still being graded, and today; and the dates of the season that nobody has planned yet. What the controller is expected to decide is written first: it needs no warehouse but for the slates. */
export async function planAhead(sport: Sport, context: FlowContext): Promise<FlowReport> {
  await planDecisions(sport, context.ports);
  const { warehouse, clock } = context.ports;
  const today = gameDateOf(clock.now());
  const yesterday = addDays(today, -1);
  const unplanned = await warehouse.query<{ game_date: string }>(
    { name: 'plan-expectations/unplanned-dates', text: unplannedDates },
    { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(today)) }, until_date: { type: 'DATE', value: yesterday } },
  );
  const [first] = unplanned;
  return planDates(first === undefined ? yesterday : gameDate(first.game_date), today, context);
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
