import { gameDate, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { haltOf, planExpectations } from '@handoff/ledger';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { addDays, datesBetween, seasonStart, seasonYearOf } from '@handoff/slate';
import gameDatesOfSeason from './game-dates.sql';
import ledgerOfDates from './ledger-of-dates.sql';

/**
 * Writes what should exist for a range of dates. Repeating it changes only what the schedule has changed:
 * a game that was postponed or moved is planned on its new date and EMPTY_OK on the old one.
 */
export async function planDates(from: GameDate, until: GameDate, { ports }: FlowContext): Promise<FlowReport> {
  const range = { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } } as const;
  const slates = await loadSlates(ports.warehouse, from, until);
  const known = await ports.warehouse.query<ExpectedOutputRow>({ name: 'plan-expectations/ledger-of-dates', text: ledgerOfDates }, range);
  const season = await ports.warehouse.query<{ game_date: string }>(
    { name: 'plan-expectations/game-dates', text: gameDatesOfSeason },
    { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(from)) }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYearOf(until) + 1), -1) } },
  );
  const datesWithGames = season.map((row) => gameDate(row.game_date));
  const now = ports.clock.now();
  const rows = datesBetween(from, until).flatMap((date) =>
    planExpectations({ gameDate: date, slate: slates.get(date) ?? [], halt: haltOf(date, datesWithGames), known: known.filter((row) => row.game_date === date), now }),
  );
  const { inserted, updated } = await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows });
  return { outcome: 'planned', facts: { from, until, expected: rows.filter(({ state }) => state !== 'EMPTY_OK').length, inserted, updated } };
}
