import { tricodeOf } from '@handoff/slate';
import { CsvRecord, type CsvTable } from './csv-table.ts';
import { statColumns, type RecordedStat, type StatColumn } from './recorded-season.ts';

/** The columns of a player box-score file that are read, as the league's game log names them. */
export const boxColumns = ['PLAYER_ID', 'PLAYER_NAME', 'TEAM_ABBREVIATION', 'GAME_ID', 'GAME_DATE', 'MATCHUP', 'MIN', ...statColumns, 'PLUS_MINUS'] as const;

/** True for a header that means player box scores, complete or not. */
export const isBoxHeader = (columns: readonly string[]): boolean => ['PLAYER_ID', 'GAME_ID', 'MATCHUP'].every((column) => columns.includes(column));

/** A row of a box-score file: the stat line, and what it says of its game. */
export interface BoxFileRow {
  readonly stat: RecordedStat;
  readonly gameDate: string;
  /** `BOS vs. NYK` or `NYK @ BOS`; at a neutral site both teams' rows have the @. */
  readonly matchup: string;
}

function team(code: string): RecordedStat['team'] {
  const tricode = tricodeOf(code);
  if (tricode === undefined) throw new RangeError(`no team ${code}`);
  return tricode;
}

// Assigned one by one: this runs for every player of every game of two seasons at each start.
function countsOf(record: CsvRecord): RecordedStat['counts'] {
  const counts: Partial<Record<StatColumn, number>> = {};
  for (const column of statColumns) counts[column] = record.integer(column);
  return counts as Record<StatColumn, number>;
}

/** @throws PipelineError `recording-corrupt` (reject) for missing columns and values that cannot be read. */
export function boxRowsOf(table: CsvTable): BoxFileRow[] {
  return CsvRecord.map(table, boxColumns, (record) => ({
    stat: {
      officialId: record.text('GAME_ID').padStart(10, '0'),
      playerId: record.integer('PLAYER_ID'),
      playerName: record.text('PLAYER_NAME'),
      team: record.as('TEAM_ABBREVIATION', team),
      minutes: record.number('MIN'),
      plusMinus: record.optionalInteger('PLUS_MINUS'),
      counts: countsOf(record),
    },
    gameDate: record.text('GAME_DATE').slice(0, 10),
    matchup: record.text('MATCHUP'),
  }));
}
