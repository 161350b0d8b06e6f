import { groupBy, type TeamDefenseGameSummary, type TeamOffenseGameSummary } from '@handoff/analytics';
import { roundTo } from '@handoff/contracts';
import { mean } from './statistics.ts';

/** How a team has played this season, up to a date. Ratings are points per 100 possessions, pace is possessions per 48 minutes. */
export interface TeamForm {
  readonly offensiveRating: number;
  readonly defensiveRating: number;
  readonly pace: number;
  readonly wins: number;
  readonly losses: number;
}

/** The teams as of the morning of a slate, and the league's mean of them. */
export interface LeagueForm {
  readonly teams: ReadonlyMap<string, TeamForm>;
  readonly league: Pick<TeamForm, 'offensiveRating' | 'defensiveRating' | 'pace'>;
}

/**
 * A league game of 2024-25: 112.6 points per 100 possessions at a pace of 100.6 (our own summaries of its 1,230
 * games; the estimate of possessions counts no team turnovers). Stands in where nobody has played yet.
 */
export const typicalTeam = { offensiveRating: 112.6, defensiveRating: 112.6, pace: 100.6 } as const;

/**
 * Games of the league's mean that every team's own are mixed with. In 2024-25 one game's rating scatters by
 * 11.5 around its team, the teams by 2.8 around the league: 11.5² / 2.8², about 15 games, weighs them rightly.
 */
const priorGames = 15;

export interface LeagueFormInput {
  readonly offense: readonly Pick<TeamOffenseGameSummary, 'game_date' | 'season_year' | 'team_abbr' | 'win_flag' | 'offensive_rating' | 'pace'>[];
  readonly defense: readonly Pick<TeamDefenseGameSummary, 'game_date' | 'season_year' | 'defending_team_abbr' | 'defensive_rating'>[];
  readonly date: string;
  readonly seasonYear: number;
}

/** Season form of every team that has played, from games strictly before the date. Teams without a game are absent. */
export function rateTeams({ offense, defense, date, seasonYear }: LeagueFormInput): LeagueForm {
  const isEarlier = (row: { game_date: string; season_year: number }): boolean => row.game_date < date && row.season_year === seasonYear;
  const attack = offense.filter(isEarlier);
  const guard = defense.filter(isEarlier);
  const league = {
    offensiveRating: settled(mean(attack.flatMap((row) => row.offensive_rating ?? [])) ?? typicalTeam.offensiveRating),
    defensiveRating: settled(mean(guard.flatMap((row) => row.defensive_rating ?? [])) ?? typicalTeam.defensiveRating),
    pace: settled(mean(attack.flatMap((row) => row.pace ?? [])) ?? typicalTeam.pace),
  };
  const guardOf = groupBy(guard, (row) => row.defending_team_abbr);
  const teams = [...groupBy(attack, (row) => row.team_abbr)].map(([team, games]): [string, TeamForm] => [
    team,
    {
      offensiveRating: shrunk(games.flatMap((row) => row.offensive_rating ?? []), league.offensiveRating),
      defensiveRating: shrunk((guardOf.get(team) ?? []).flatMap((row) => row.defensive_rating ?? []), league.defensiveRating),
      pace: shrunk(games.flatMap((row) => row.pace ?? []), league.pace),
      wins: games.filter((row) => row.win_flag).length,
      losses: games.filter((row) => !row.win_flag).length,
    },
  ]);
  return { teams: new Map(teams), league };
}

const shrunk = (values: readonly number[], centre: number): number =>
  settled((values.reduce((sum, value) => sum + value, 0) + priorGames * centre) / (values.length + priorGames));

/** Four decimals, so that the order in which rows were read cannot show in the last bits of a prediction. */
const settled = (value: number): number => roundTo(value, 4);
