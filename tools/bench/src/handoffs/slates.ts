import { gameDate, hashOf, OfficialGameId, type GameDate, type Row } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { addDays, easternTime, seasonYearOf } from '@handoff/slate';
import { chainOf, gamesPerDate, type DateChain } from './chain.ts';

/** The three games of 2026-01-29 as the league played them, tipped off at 19:00, 19:30 and 22:00 ET, on every date of the benchmark. */
const pairings: readonly { readonly home: string; readonly away: string; readonly hour: number; readonly minute: number }[] = [
  { home: 'PHI', away: 'SAC', hour: 19, minute: 0 },
  { home: 'ATL', away: 'HOU', hour: 19, minute: 30 },
  { home: 'PHX', away: 'DET', hour: 22, minute: 0 },
];

/** All dates lie after the benchmark's standing clock, so that every gate is open to its whole set and to nothing less. */
export const clockStandsAt = '2026-01-24T12:00:00Z';
const firstDate = gameDate('2026-02-01');

/** The chains of so many consecutive dates. */
export const chains = (count: number): readonly DateChain[] => Array.from({ length: count }, (_, index) => addDays(firstDate, index)).map((date, index) => chainOf(date, gamesOf(index)));

const gamesOf = (index: number): readonly OfficialGameId[] => Array.from({ length: gamesPerDate }, (_, game) => OfficialGameId.parse(`00${String(index * gamesPerDate + game).padStart(8, '0')}`));

/** Loads the schedule of so many dates as phase 2 does, and projects their slates for the gates. */
export async function loadSchedules(ports: Ports, count: number): Promise<void> {
  const dates = Array.from({ length: count }, (_, index) => addDays(firstDate, index));
  const rows = dates.flatMap((date, index) => gamesOf(index).map((game, number) => scheduleRow(date, game, number, ports)));
  await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows });
  const firstOfSeasons = new Map(dates.toReversed().map((date) => [seasonYearOf(date), date]));
  for (const date of firstOfSeasons.values()) await projectSlates(ports, date);
}

function scheduleRow(date: GameDate, game: OfficialGameId, number: number, { clock }: Ports): Row {
  const pairing = pairings[number];
  if (pairing === undefined) throw new RangeError(`there is no pairing ${number}`);
  const { home, away, hour, minute } = pairing;
  return {
    game_date: date, game_id: game, game_code: `${date.replaceAll('-', '')}/${away}${home}`, season_year: seasonYearOf(date), tip_at: easternTime(date, hour, minute), game_status: 1,
    game_status_text: '7:00 pm ET', home_team_tricode: home, away_team_tricode: away, home_team_score: null, away_team_score: null, is_postponed: false, is_neutral_site: false,
    data_hash: hashOf(`${date} ${game}`), source_file_path: 'made/by/the/benchmark.json', fetched_at: clock.now(), processed_at: clock.now(),
  };
}
