import { gameDate, OfficialGameId, parseInstant, type EpochMs, type GameDate } from '@handoff/contracts';
import { easternHour, easternTime, gameDateOf, tricodeOf } from '@handoff/slate';
import { CsvRecord, type CsvTable } from './csv-table.ts';
import type { RecordedGame } from './recorded-season.ts';

/** A game of a schedule file, or why it is none that can be played back. */
export type ScheduleFileRow =
  | { readonly kind: 'game'; readonly officialId: string; readonly game: RecordedGame }
  | { readonly kind: 'dropped'; readonly officialId: string; readonly reason: 'teams-not-named' | 'team-unknown' };

/** One known layout of schedule files. */
interface ScheduleLayout {
  /** Columns that no other kind of file has together. */
  readonly signature: readonly string[];
  readonly required: readonly string[];
  /** The columns that a game comes from, for errors that compare two files. */
  readonly tips: (record: CsvRecord) => Pick<RecordedGame, 'plannedTipAt' | 'actualTipAt' | 'isTipAssumed'>;
  readonly neutral: string;
}

const sides = ['home_tricode', 'away_tricode', 'home_score', 'away_score'];
const minuteOf = (instant: EpochMs): number => new Date(instant).getUTCMinutes();
const sameClockTime = (date: GameDate, instant: EpochMs): EpochMs => easternTime(date, easternHour(instant), minuteOf(instant));
const optionalInstant = (record: CsvRecord, column: string): EpochMs | undefined => (record.text(column) === '' ? undefined : record.as(column, parseInstant));

/** Planned and actual tip-off of a merged schedule, where either may be missing. */
function mergedTips(record: CsvRecord): ReturnType<ScheduleLayout['tips']> {
  const planned = optionalInstant(record, 'scheduled_datetime_utc');
  const actual = optionalInstant(record, 'actual_tip_utc');
  const date = record.as('actual_game_date', gameDate);
  // Drawn late, a game has no planned tip; played without a recorded tip, it kept its time of day.
  const assumed = planned === undefined ? easternTime(date, 19, 0) : sameClockTime(date, planned);
  const actualTipAt = actual ?? assumed;
  return { plannedTipAt: planned ?? actualTipAt, actualTipAt, isTipAssumed: actual === undefined };
}

function flatTips(record: CsvRecord): ReturnType<ScheduleLayout['tips']> {
  const tipAt = record.as('tip_utc', parseInstant);
  if (gameDateOf(tipAt) !== record.text('game_date_et')) record.fail('game_date_et', `is not the Eastern date of tip_utc: ${record.text('game_date_et')}`);
  return { plannedTipAt: tipAt, actualTipAt: tipAt, isTipAssumed: false };
}

const layouts: readonly ScheduleLayout[] = [
  { signature: ['game_id', 'tip_utc', 'postponed_status'], required: ['game_id', 'game_date_et', 'tip_utc', ...sides], tips: flatTips, neutral: 'is_neutral' },
  {
    signature: ['game_id', 'scheduled_date_et', 'actual_game_date'],
    required: ['game_id', 'scheduled_datetime_utc', 'actual_game_date', 'actual_tip_utc', ...sides],
    tips: mergedTips,
    neutral: 'leaguegamefinder_matchup_without_vs',
  },
];

const layoutOf = (columns: readonly string[]): ScheduleLayout | undefined =>
  layouts.find(({ signature }) => signature.filter((column) => columns.includes(column)).length >= 2 && columns.includes('game_id'));

/** True for a header that means one of the known schedule layouts, complete or not. */
export const isScheduleHeader = (columns: readonly string[]): boolean => layoutOf(columns) !== undefined;

function rowOf(record: CsvRecord, layout: ScheduleLayout): ScheduleFileRow {
  const officialId = record.text('game_id').padStart(10, '0');
  const [homeText, awayText] = [record.text('home_tricode'), record.text('away_tricode')];
  if (homeText === '' || awayText === '') return { kind: 'dropped', officialId, reason: 'teams-not-named' };
  const [home, away] = [tricodeOf(homeText), tricodeOf(awayText)];
  if (home === undefined || away === undefined) return { kind: 'dropped', officialId, reason: 'team-unknown' };
  const tips = layout.tips(record);
  return {
    kind: 'game',
    officialId,
    game: {
      officialId: record.as('game_id', (text) => OfficialGameId.parse(text.padStart(10, '0'))),
      home, away, ...tips,
      plannedDate: gameDateOf(tips.plannedTipAt),
      actualDate: gameDateOf(tips.actualTipAt),
      homeScore: record.optionalInteger('home_score'),
      awayScore: record.optionalInteger('away_score'),
      isNeutralSite: record.text(layout.neutral) === '1',
    },
  };
}

/** @throws PipelineError `recording-corrupt` (reject) for missing columns and values that cannot be read. */
export function scheduleRowsOf(table: CsvTable): ScheduleFileRow[] {
  const layout = layoutOf(table.columns);
  return layout === undefined ? [] : CsvRecord.map(table, layout.required, (record) => rowOf(record, layout));
}
