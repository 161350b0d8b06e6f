import type { PlayerBoxScoreRow } from '@handoff/contracts';
import { dateGameIdOf, playerLookup, parseOfficialId, type KnownGame } from '@handoff/slate';
import { z } from 'zod';
import { count } from './fields.ts';
import type { Findings } from './findings.ts';

// Our column, balldontlie's field, the league's header.
const statistics = [
  ['points', 'pts', 'PTS'],
  ['assists', 'ast', 'AST'],
  ['rebounds', 'reb', 'REB'],
  ['offensive_rebounds', 'oreb', 'OREB'],
  ['defensive_rebounds', 'dreb', 'DREB'],
  ['steals', 'stl', 'STL'],
  ['blocks', 'blk', 'BLK'],
  ['turnovers', 'turnover', 'TOV'],
  ['personal_fouls', 'pf', 'PF'],
  ['field_goals_made', 'fgm', 'FGM'],
  ['field_goals_attempted', 'fga', 'FGA'],
  ['three_pointers_made', 'fg3m', 'FG3M'],
  ['three_pointers_attempted', 'fg3a', 'FG3A'],
  ['free_throws_made', 'ftm', 'FTM'],
  ['free_throws_attempted', 'fta', 'FTA'],
] as const;

type Statistic = (typeof statistics)[number][0];
type SourceField<Index extends 1 | 2> = (typeof statistics)[number][Index];

const fieldsAt = <Index extends 1 | 2>(index: Index): Record<SourceField<Index>, typeof count> =>
  Object.fromEntries(statistics.map((names) => [names[index], count])) as Record<SourceField<Index>, typeof count>;

/** The statistics of a balldontlie object. */
export const BalldontlieStatistics = z.object(fieldsAt(1));
/** The statistics of a row of the league's game log. */
export const GameLogStatistics = z.object(fieldsAt(2));

const read = (index: 1 | 2) => (record: Readonly<Record<string, unknown>>): Record<Statistic, number | null> =>
  Object.fromEntries(statistics.map((names) => [names[0], record[names[index]] ?? null])) as Record<Statistic, number | null>;

export const statisticsOfBalldontlie = read(1);
export const statisticsOfGameLog = read(2);

/** One player's line as either source tells it. */
export interface StatLine {
  readonly game: KnownGame;
  readonly homeScore: number | null;
  readonly awayScore: number | null;
  readonly team: string;
  readonly playerName: string;
  readonly playerId: string;
  readonly minutes: number | null;
  readonly plusMinus: number | null;
  readonly statistics: Readonly<Record<Statistic, number | null>>;
}

export type BoxScoreContent = Omit<PlayerBoxScoreRow, 'data_hash' | 'source_file_path' | 'fetched_at' | 'processed_at'>;

/** Null statistics of a player who did not play are zeros; of one who did, they are missing, and so are the minutes of one who has counted something. */
function completed(line: StatLine): Record<Statistic, number> | undefined {
  const entries = Object.entries(line.statistics).map(([name, value]) => [name, value ?? 0] as const);
  const hasPlayed = (line.minutes ?? 0) > 0;
  if (line.minutes === null && entries.some(([, value]) => value > 0)) return undefined;
  if (hasPlayed && Object.values(line.statistics).includes(null)) return undefined;
  return Object.fromEntries(entries) as Record<Statistic, number>;
}

/** The row of a stat line; what cannot be one is reported: an unreadable name, another team, missing statistics. */
export function boxScoreContent(line: StatLine, findings: Findings): BoxScoreContent | undefined {
  const lookup = playerLookup(line.playerName);
  const stats = completed(line);
  const isOfGame = line.team === line.game.home || line.team === line.game.away;
  if (lookup === undefined || stats === undefined || !isOfGame) {
    findings.unresolved('player', line.playerName, lookup === undefined ? 'unreadable-name' : isOfGame ? 'stats-missing' : 'not-of-this-game');
    return undefined;
  }
  findings.speaksOf(line.game, lookup);
  return {
    game_date: line.game.gameDate,
    game_id: dateGameIdOf(line.game),
    nba_game_id: line.game.officialId,
    season_year: parseOfficialId(line.game.officialId).seasonYear,
    home_team_abbr: line.game.home,
    away_team_abbr: line.game.away,
    home_team_score: line.homeScore,
    away_team_score: line.awayScore,
    team_abbr: line.team,
    player_lookup: lookup,
    player_full_name: line.playerName,
    source_player_id: line.playerId,
    minutes: line.minutes ?? 0,
    ...stats,
    plus_minus: line.plusMinus,
  };
}
