import { roundTo, type PlayerGameSummaryRow, type WithoutProvenance } from '@handoff/contracts';
import { chooseBoxScores, possessionsEnded, totalOf, type BoxScore, type GameBoxScore, type GameSummaryInput } from './box-scores.ts';

export type PlayerGameSummary = WithoutProvenance<PlayerGameSummaryRow>;

/**
 * One row per player listed in the chosen box score of each final game.
 *
 * Players with 0 minutes keep their row: grading needs it to void a prediction. Everything that averages
 * must leave them out. A row for a team that does not play in the game is dropped: a player may be listed
 * under his team of today in a game of last month.
 */
export const summarisePlayerGames = (input: GameSummaryInput): readonly PlayerGameSummary[] =>
  chooseBoxScores(input).flatMap((game) => [...teamRows(game, true), ...teamRows(game, false)]);

/** What all players of one team share in one game. */
interface Side {
  readonly opponent: string;
  readonly isHome: boolean;
  readonly hasWon: boolean;
  readonly source: string;
  readonly minutes: number;
  readonly possessions: number;
}

function teamRows(box: GameBoxScore, isHome: boolean): readonly PlayerGameSummary[] {
  const team = isHome ? box.home : box.away;
  const side: Side = {
    opponent: isHome ? box.game.away_team_tricode : box.game.home_team_tricode,
    isHome,
    hasWon: isHome ? box.homePoints > box.awayPoints : box.awayPoints > box.homePoints,
    source: box.source,
    minutes: totalOf(team, 'minutes'),
    possessions: possessionsEnded(team),
  };
  return team.map((row) => summaryOf(row, side));
}

function summaryOf(row: BoxScore, side: Side): PlayerGameSummary {
  const attempts = row.field_goals_attempted;
  const scoringChances = attempts + 0.44 * row.free_throws_attempted;
  return {
    game_date: row.game_date,
    game_id: row.game_id,
    nba_game_id: row.nba_game_id,
    season_year: row.season_year,
    player_lookup: row.player_lookup,
    player_full_name: row.player_full_name,
    team_abbr: row.team_abbr,
    opponent_team_abbr: side.opponent,
    is_home: side.isHome,
    win_flag: side.hasWon,
    minutes_played: row.minutes,
    points: row.points,
    assists: row.assists,
    rebounds: row.rebounds,
    offensive_rebounds: row.offensive_rebounds,
    defensive_rebounds: row.defensive_rebounds,
    steals: row.steals,
    blocks: row.blocks,
    turnovers: row.turnovers,
    personal_fouls: row.personal_fouls,
    fg_makes: row.field_goals_made,
    fg_attempts: attempts,
    three_pt_makes: row.three_pointers_made,
    three_pt_attempts: row.three_pointers_attempted,
    ft_makes: row.free_throws_made,
    ft_attempts: row.free_throws_attempted,
    plus_minus: row.plus_minus,
    usage_rate: usageRate(row, side),
    ts_pct: scoringChances > 0 ? roundTo(row.points / (2 * scoringChances), 4) : null,
    efg_pct: attempts > 0 ? roundTo((row.field_goals_made + 0.5 * row.three_pointers_made) / attempts, 4) : null,
    primary_source_used: side.source,
  };
}

/** Held to 1: in a minute of garbage time the estimate exceeds what it estimates. */
function usageRate(row: BoxScore, team: Side): number | null {
  if (row.minutes <= 0 || team.possessions <= 0) return null;
  const shareOfFloorTime = (row.minutes * 5) / team.minutes;
  return roundTo(Math.min(1, possessionsEnded([row]) / team.possessions / shareOfFloorTime), 4);
}
