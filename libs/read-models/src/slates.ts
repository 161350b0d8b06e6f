import type { GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { addDays, datesBetween, seasonStart, seasonYearOf, slateOf, type ScheduleFacts, type SlateGame } from '@handoff/slate';
import scheduleOfSeason from './schedule-of-season.sql';

/** Slates by game date; a date without games has an empty one. */
export type Slates = ReadonlyMap<GameDate, readonly SlateGame[]>;

/** Reads the slates of a range of dates from the loaded schedule. A failed query throws: no games is an answer, not a failure. */
export async function loadSlates(warehouse: Warehouse, from: GameDate, until: GameDate): Promise<Slates> {
  const rows = await warehouse.query<ScheduleFacts>(
    { name: 'read-models/schedule-of-season', text: scheduleOfSeason },
    {
      season_start: { type: 'DATE', value: seasonStart(seasonYearOf(from)) },
      season_end: { type: 'DATE', value: addDays(seasonStart(seasonYearOf(until) + 1), -1) },
      from_date: { type: 'DATE', value: from },
      until_date: { type: 'DATE', value: until },
    },
  );
  return new Map(datesBetween(from, until).map((date) => [date, slateOf(rows, date)]));
}

/** The slate of one date. */
export async function loadSlate(warehouse: Warehouse, date: GameDate): Promise<readonly SlateGame[]> {
  const slates = await loadSlates(warehouse, date, date);
  return slates.get(date) ?? [];
}
