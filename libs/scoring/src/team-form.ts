import { groupBy, type TeamDefenseGameSummary, type TeamOffenseGameSummary } from '@handoff/analytics';

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

/** One team's season so far, added up; ratings that a game has none of are not counted. */
export interface TeamTotals {
  readonly team_abbr: string;
  readonly games: number;
  readonly wins: number;
  readonly offensive_rating_sum: number;
  readonly offensive_rating_count: number;
  readonly defensive_rating_sum: number;
  readonly defensive_rating_count: number;
  readonly pace_sum: number;
  readonly pace_count: number;
}

/** Season form of every team, and the league's mean over all their games. Teams without a game are absent. */
export function rateTeamTotals(totals: readonly TeamTotals[]): LeagueForm {
  const meanOf = (sum: keyof TeamTotals & `${string}_sum`, count: keyof TeamTotals & `${string}_count`, otherwise: number): number => {
    const games = totals.reduce((all, team) => all + team[count], 0);
    return games === 0 ? otherwise : totals.reduce((all, team) => all + team[sum], 0) / games;
  };
  const league = {
    offensiveRating: meanOf('offensive_rating_sum', 'offensive_rating_count', typicalTeam.offensiveRating),
    defensiveRating: meanOf('defensive_rating_sum', 'defensive_rating_count', typicalTeam.defensiveRating),
    pace: meanOf('pace_sum', 'pace_count', typicalTeam.pace),
  };
  const teams = totals.map((team): [string, TeamForm] => [
    team.team_abbr,
    {
      offensiveRating: shrunk(team.offensive_rating_sum, team.offensive_rating_count, league.offensiveRating),
      defensiveRating: shrunk(team.defensive_rating_sum, team.defensive_rating_count, league.defensiveRating),
      pace: shrunk(team.pace_sum, team.pace_count, league.pace),
      wins: team.wins,
      losses: team.games - team.wins,
    },
  ]);
  return { teams: new Map(teams), league };
}

const shrunk = (sum: number, count: number, centre: number): number => (sum + priorGames * centre) / (count + priorGames);

export interface LeagueFormInput {
  readonly offense: readonly Pick<TeamOffenseGameSummary, 'game_date' | 'season_year' | 'team_abbr' | 'win_flag' | 'offensive_rating' | 'pace'>[];
  readonly defense: readonly Pick<TeamDefenseGameSummary, 'game_date' | 'season_year' | 'defending_team_abbr' | 'defensive_rating'>[];
  readonly date: string;
  readonly seasonYear: number;
}

/** Season form of every team that has played, from games strictly before the date. */
export function rateTeams({ offense, defense, date, seasonYear }: LeagueFormInput): LeagueForm {
  const isEarlier = (row: { game_date: string; season_year: number }): boolean => row.game_date < date && row.season_year === seasonYear;
  const guardOf = groupBy(defense.filter(isEarlier), (row) => row.defending_team_abbr);
  const totals = [...groupBy(offense.filter(isEarlier), (row) => row.team_abbr)].map(([team, games]): TeamTotals => {
    const offensive = games.flatMap((row) => row.offensive_rating ?? []);
    const defensive = (guardOf.get(team) ?? []).flatMap((row) => row.defensive_rating ?? []);
    const pace = games.flatMap((row) => row.pace ?? []);
    return {
      team_abbr: team, games: games.length, wins: games.filter((row) => row.win_flag).length,
      offensive_rating_sum: sumOf(offensive), offensive_rating_count: offensive.length,
      defensive_rating_sum: sumOf(defensive), defensive_rating_count: defensive.length,
      pace_sum: sumOf(pace), pace_count: pace.length,
    };
  });
  return rateTeamTotals(totals);
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
