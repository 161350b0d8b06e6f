import type { RecordedStat } from './recorded-season.ts';
import { statColumns } from './recorded-season.ts';
import { CsvRecord, type CsvTable } from './csv-table.ts';
import { tricodeOf } from '@handoff/slate';

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
      counts: Object.fromEntries(statColumns.map((column) => [column, record.integer(column)])) as RecordedStat['counts'],
    },
    gameDate: record.text('GAME_DATE').slice(0, 10),
    matchup: record.text('MATCHUP'),
  }));
}
