import type { TeamDefenseGameSummary, TeamOffenseGameSummary } from '@handoff/analytics';
import type { GameDate } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import teamDefense from './team-defense.sql';
import teamOffense from './team-offense.sql';

export type TeamOffense = Pick<TeamOffenseGameSummary, 'game_date' | 'nba_game_id' | 'season_year' | 'team_abbr' | 'win_flag' | 'offensive_rating' | 'pace'>;
export type TeamDefense = Pick<TeamDefenseGameSummary, 'game_date' | 'nba_game_id' | 'season_year' | 'defending_team_abbr' | 'defensive_rating'>;

export interface TeamForms {
  readonly offense: readonly TeamOffense[];
  readonly defense: readonly TeamDefense[];
}

/** How every team played this season, game by game, strictly before a date. */
export async function loadTeamForms(warehouse: Warehouse, beforeDate: GameDate): Promise<TeamForms> {
  const span: Parameters = { from_date: { type: 'DATE', value: seasonStart(seasonYearOf(beforeDate)) }, before_date: { type: 'DATE', value: beforeDate } };
  return {
    offense: await warehouse.query<TeamOffense>({ name: 'read-models/team-offense', text: teamOffense }, span),
    defense: await warehouse.query<TeamDefense>({ name: 'read-models/team-defense', text: teamDefense }, span),
  };
}
