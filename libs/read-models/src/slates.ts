import { hashOf, type GameDate } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore, StateWrite, Warehouse } from '@handoff/ports';
import { addDays, datesBetween, seasonStart, seasonYearOf, slateOf, slatesOf, type ScheduleFacts, type SlateGame } from '@handoff/slate';
import scheduleOfSeason from './schedule-of-season.sql';
import seasonSchedule from './season-schedule.sql';

/** Slates by game date; a date without games has an empty one. */
export type Slates = ReadonlyMap<GameDate, readonly SlateGame[]>;

interface Stores {
  readonly state: StateStore;
  readonly warehouse: Warehouse;
}

/** `slates`: one document per date with games, as the schedule that was loaded last has it. */
interface SlateDocument extends StateDocument {
  readonly games: readonly SlateGame[];
}

/** `slate_indexes`: one document per season, a hash per date with games: which documents there are, and of what. */
interface SlateIndex extends StateDocument {
  readonly dates: Readonly<Record<string, string>>;
}

const slateRef = (date: GameDate): StateRef => ({ collection: 'slates', id: date });
const indexRef = (seasonYear: number): StateRef => ({ collection: 'slate_indexes', id: String(seasonYear) });

/**
 * Reads the slates of a range of dates: from the projection in the state store, since every hand-off asks, and
 * a warehouse query takes a second in the cloud; from the loaded schedule where a season has none. A failed
 * read throws: no games is an answer, not a failure.
 */
export async function loadSlates({ state, warehouse }: Stores, from: GameDate, until: GameDate): Promise<Slates> {
  const dates = from === until ? [from] : datesBetween(from, until);
  const slates = new Map<GameDate, readonly SlateGame[]>();
  const yearsInDoubt = new Set<number>();
  for (const date of dates) {
    const document = await state.get<SlateDocument>(slateRef(date));
    if (document === undefined) yearsInDoubt.add(seasonYearOf(date));
    slates.set(date, document?.value.games ?? []);
  }
  // A date without a document has no games, unless its season was never projected; the index, which is large, tells.
  for (const year of yearsInDoubt) {
    if ((await state.get<SlateIndex>(indexRef(year))) === undefined) return querySlates(warehouse, from, until);
  }
  return slates;
}

/** The slate of one date. */
export async function loadSlate(stores: Stores, date: GameDate): Promise<readonly SlateGame[]> {
  const slates = await loadSlates(stores, date, date);
  return slates.get(date) ?? [];
}

async function querySlates(warehouse: Warehouse, from: GameDate, until: GameDate): Promise<Slates> {
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

/**
 * Projects the loaded schedule of a date's season into the state store: the dates whose games have changed,
 * then the index. A crash in between leaves the older index, so that the next schedule writes them again.
 */
export async function projectSlates({ state, warehouse }: Stores, date: GameDate): Promise<number> {
  const year = seasonYearOf(date);
  const [first, last] = [seasonStart(year), addDays(seasonStart(year + 1), -1)];
  const rows = await warehouse.query<ScheduleFacts>(
    { name: 'read-models/season-schedule', text: seasonSchedule },
    { season_start: { type: 'DATE', value: first }, season_end: { type: 'DATE', value: last } },
  );
  const known = (await state.get<SlateIndex>(indexRef(year)))?.value.dates ?? {};
  const index: Record<string, string> = { ...known };
  const writes: StateWrite[] = [];
  for (const [ofDate, games] of slatesOf(rows)) {
    const hash = hashOf(JSON.stringify(games));
    if (known[ofDate] === hash) continue;
    index[ofDate] = hash;
    writes.push({ kind: 'set', ref: slateRef(ofDate), value: { games } satisfies SlateDocument });
  }
  if (writes.length === 0) return 0;
  for (let start = 0; start < writes.length; start += 400) await state.batch(writes.slice(start, start + 400));
  await state.batch([{ kind: 'set', ref: indexRef(year), value: { dates: index } satisfies SlateIndex }]);
  return writes.length;
}
