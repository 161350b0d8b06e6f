import { roundTo, type TeamDefenseGameSummaryRow, type TeamOffenseGameSummaryRow, type WithoutProvenance } from '@handoff/contracts';
import { chooseBoxScores, possessionsOf, totalOf, type BoxScore, type GameBoxScore, type GameSummaryInput } from './box-scores.ts';

export type TeamOffenseGameSummary = WithoutProvenance<TeamOffenseGameSummaryRow>;
export type TeamDefenseGameSummary = WithoutProvenance<TeamDefenseGameSummaryRow>;

const regulationMinutes = 48;
const overtimeMinutes = 5;
const playersOnCourt = 5;

/** What each team scored in each final game: sums over the players of the chosen box score. */
export const summariseTeamOffense = (input: GameSummaryInput): readonly TeamOffenseGameSummary[] =>
  chooseBoxScores(input).flatMap((game) => sidesOf(game).map(offenseOf));

/** What each team allowed in each final game: the opponent's sums. */
export const summariseTeamDefense = (input: GameSummaryInput): readonly TeamDefenseGameSummary[] =>
  chooseBoxScores(input).flatMap((game) => sidesOf(game).map(defenseOf));

/**
 * Length of a game from the minutes of one team's players: 48, and 5 for each overtime.
 * Sources round a player's minutes, so a team's sum is off by a few: it is snapped to whole overtimes.
 */
export function gameMinutesOf(teamMinutes: number): number {
  const overtimes = Math.round((teamMinutes / playersOnCourt - regulationMinutes) / overtimeMinutes);
  return regulationMinutes + overtimeMinutes * Math.max(0, overtimes);
}

interface Side {
  readonly own: readonly BoxScore[];
  readonly other: readonly BoxScore[];
  readonly ownAbbr: string;
  readonly otherAbbr: string;
  readonly isHome: boolean;
  readonly margin: number;
  readonly identity: { game_date: string; game_id: string; nba_game_id: string; season_year: number };
}

function sidesOf(box: GameBoxScore): readonly Side[] {
  const any = box.home[0] ?? box.away[0];
  // Half a box score says nothing true about either team: pace, rating and points allowed need both.
  if (any === undefined || box.home.length === 0 || box.away.length === 0) return [];
  const identity = { game_date: any.game_date, game_id: any.game_id, nba_game_id: any.nba_game_id, season_year: any.season_year };
  const homeAbbr = box.game.home_team_tricode;
  const awayAbbr = box.game.away_team_tricode;
  const margin = box.homePoints - box.awayPoints;
  return [
    { own: box.home, other: box.away, ownAbbr: homeAbbr, otherAbbr: awayAbbr, isHome: true, margin, identity },
    { own: box.away, other: box.home, ownAbbr: awayAbbr, otherAbbr: homeAbbr, isHome: false, margin: -margin, identity },
  ];
}

function offenseOf(side: Side): TeamOffenseGameSummary {
  const points = totalOf(side.own, 'points');
  const possessions = possessionsOf(side.own);
  return {
    ...side.identity,
    team_abbr: side.ownAbbr,
    opponent_team_abbr: side.otherAbbr,
    home_game: side.isHome,
    win_flag: side.margin > 0,
    points_scored: points,
    margin_of_victory: side.margin,
    fg_makes: totalOf(side.own, 'field_goals_made'),
    fg_attempts: totalOf(side.own, 'field_goals_attempted'),
    three_pt_makes: totalOf(side.own, 'three_pointers_made'),
    three_pt_attempts: totalOf(side.own, 'three_pointers_attempted'),
    ft_makes: totalOf(side.own, 'free_throws_made'),
    ft_attempts: totalOf(side.own, 'free_throws_attempted'),
    rebounds: totalOf(side.own, 'rebounds'),
    offensive_rebounds: totalOf(side.own, 'offensive_rebounds'),
    assists: totalOf(side.own, 'assists'),
    turnovers: totalOf(side.own, 'turnovers'),
    personal_fouls: totalOf(side.own, 'personal_fouls'),
    possessions: roundTo(possessions, 1),
    offensive_rating: ratingOf(points, possessions),
    pace: paceOf(side),
    players_used: side.own.filter((row) => row.minutes > 0).length,
  };
}

function defenseOf(side: Side): TeamDefenseGameSummary {
  const pointsAllowed = totalOf(side.other, 'points');
  return {
    ...side.identity,
    defending_team_abbr: side.ownAbbr,
    opponent_team_abbr: side.otherAbbr,
    home_game: side.isHome,
    points_allowed: pointsAllowed,
    opp_fg_makes: totalOf(side.other, 'field_goals_made'),
    opp_fg_attempts: totalOf(side.other, 'field_goals_attempted'),
    opp_three_pt_makes: totalOf(side.other, 'three_pointers_made'),
    opp_three_pt_attempts: totalOf(side.other, 'three_pointers_attempted'),
    opp_ft_attempts: totalOf(side.other, 'free_throws_attempted'),
    opp_rebounds: totalOf(side.other, 'rebounds'),
    opp_assists: totalOf(side.other, 'assists'),
    turnovers_forced: totalOf(side.other, 'turnovers'),
    defensive_rating: ratingOf(pointsAllowed, possessionsOf(side.other)),
  };
}

const ratingOf = (points: number, possessions: number): number | null => (possessions > 0 ? roundTo((100 * points) / possessions, 2) : null);

function paceOf(side: Side): number | null {
  const possessions = (possessionsOf(side.own) + possessionsOf(side.other)) / 2;
  const length = gameMinutesOf((totalOf(side.own, 'minutes') + totalOf(side.other, 'minutes')) / 2);
  return possessions > 0 ? roundTo((regulationMinutes * possessions) / length, 2) : null;
}
