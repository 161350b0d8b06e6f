import type { GameDate, ScheduleRow, WithoutProvenance } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { addDays, isAbandoned, seasonStart, seasonYearOf } from '@handoff/slate';
import seasonSchedule from './season-schedule.sql';

/** A game as the schedule has it, with `is_postponed` decided from all of its rows. */
export type ScheduledGame = WithoutProvenance<ScheduleRow>;

/** Every game of the season of a date, on every date on which it was planned. */
export async function loadSeasonSchedule(warehouse: Warehouse, date: GameDate): Promise<readonly ScheduledGame[]> {
  const season = seasonStart(seasonYearOf(date));
  const rows = await warehouse.query<ScheduledGame>(
    { name: 'read-models/season-schedule', text: seasonSchedule },
    { season_start: { type: 'DATE', value: season }, season_end: { type: 'DATE', value: addDays(seasonStart(seasonYearOf(date) + 1), -1) } },
  );
  const byGame = new Map<string, ScheduledGame[]>();
  for (const row of rows) byGame.set(row.game_id, [...(byGame.get(row.game_id) ?? []), row]);
  return rows.map((row) => ({ ...row, is_postponed: isAbandoned(row, byGame.get(row.game_id) ?? [row]) }));
}
