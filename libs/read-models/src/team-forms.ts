import type { GameDate } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import type { TeamTotals } from '@handoff/scoring';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import summarisedGames from './summarised-games.sql';
import teamTotals from './team-totals.sql';

/** This season so far, strictly before the date. */
const seasonBefore = (date: GameDate): Parameters => ({
  from_date: { type: 'DATE', value: seasonStart(seasonYearOf(date)) },
  before_date: { type: 'DATE', value: date },
});

/** How every team played this season, added up over its games strictly before a date. */
export function loadTeamTotals(warehouse: Warehouse, beforeDate: GameDate): Promise<readonly TeamTotals[]> {
  return warehouse.query<TeamTotals & Record<string, unknown>>({ name: 'read-models/team-totals', text: teamTotals }, seasonBefore(beforeDate));
}

/** A team and one of its games that has been summarised. */
export interface SummarisedGame extends Record<string, unknown> {
  readonly team_abbr: string;
  readonly nba_game_id: string;
}

/** Which games of this season have summaries, by team, strictly before a date. */
export function loadSummarisedGames(warehouse: Warehouse, beforeDate: GameDate): Promise<readonly SummarisedGame[]> {
  return warehouse.query<SummarisedGame>({ name: 'read-models/summarised-games', text: summarisedGames }, seasonBefore(beforeDate));
}
