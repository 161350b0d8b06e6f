import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import { AgreeingRows } from './agreeing-rows.ts';
import { boxRowsOf, isBoxHeader, type BoxFileRow } from './box-file.ts';
import { readTable, readText, type CsvTable } from './csv-table.ts';
import { gamesFromBoxRows } from './games-from-box-rows.ts';
import { recordedSeason, type RecordedGame, type RecordedSeason } from './recorded-season.ts';
import { remedies } from './recording-errors.ts';
import { isScheduleHeader, scheduleRowsOf } from './schedule-files.ts';

export interface DataDirectoryOptions {
  /** Beginnings of official game ids, `002` for the regular season. */
  readonly gameTypes?: readonly string[];
}

/** A game or box score that is in the files and cannot be played back. */
export interface DroppedGame {
  readonly officialId: string;
  readonly reason: 'teams-not-named' | 'team-unknown' | 'not-in-schedule';
}

export interface LoadedData {
  readonly season: RecordedSeason;
  /** Files that are none of the known kinds, relative to the directory. */
  readonly ignored: readonly string[];
  readonly dropped: readonly DroppedGame[];
}

/** What the files of a directory say, each row once. */
interface Collected {
  readonly games: AgreeingRows<RecordedGame>;
  readonly boxRows: AgreeingRows<BoxFileRow>;
  readonly ignored: string[];
  readonly dropped: DroppedGame[];
}

function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new PipelineError({ code: 'recording-missing', disposition: 'reject', message: `${directory} is no directory; name one that holds box-score files`, facts: { directory } });
  }
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(directory, name)).isFile()).toSorted();
}

function collect(table: CsvTable, wanted: (officialId: string) => boolean, into: Collected): void {
  if (isBoxHeader(table.columns)) {
    for (const row of boxRowsOf(table)) if (wanted(row.stat.officialId)) into.boxRows.add(`${row.stat.officialId} player ${row.stat.playerId}`, row, table.file);
    return;
  }
  if (!isScheduleHeader(table.columns)) {
    into.ignored.push(table.file);
    return;
  }
  for (const row of scheduleRowsOf(table)) {
    if (!wanted(row.officialId)) continue;
    if (row.kind === 'game') into.games.add(row.officialId, row.game, table.file);
    else into.dropped.push({ officialId: row.officialId, reason: row.reason });
  }
}

const seasonOf = (officialId: string): string => officialId.slice(3, 5);

/** The schedule's games, and those that only box scores tell of, where no schedule covers their season. */
function completeGames(scheduled: readonly RecordedGame[], boxRows: readonly BoxFileRow[], dropped: DroppedGame[]): readonly RecordedGame[] {
  const known = new Set<string>(scheduled.map(({ officialId }) => officialId));
  const covered = new Set(scheduled.map(({ officialId }) => seasonOf(officialId)));
  const unknown = boxRows.filter(({ stat }) => !known.has(stat.officialId));
  for (const officialId of new Set(unknown.map(({ stat }) => stat.officialId).filter((id) => covered.has(seasonOf(id))))) dropped.push({ officialId, reason: 'not-in-schedule' });
  return [...scheduled, ...gamesFromBoxRows(unknown.filter(({ stat }) => !covered.has(seasonOf(stat.officialId))))];
}

function holdDates(games: readonly RecordedGame[], boxRows: readonly BoxFileRow[]): void {
  const dates = new Map<string, string>(games.map((game) => [game.officialId, game.actualDate]));
  const wrong = boxRows.find(({ stat, gameDate }) => dates.has(stat.officialId) && dates.get(stat.officialId) !== gameDate);
  if (wrong === undefined) return;
  throw new PipelineError({
    code: 'recording-duplicate-disagrees',
    disposition: 'reject',
    message: `${wrong.stat.officialId} was played on ${wrong.gameDate} by its box score and on ${dates.get(wrong.stat.officialId) ?? ''} by the schedule; correct one of the files`,
    facts: { id: wrong.stat.officialId, columns: ['GAME_DATE'] },
  });
}

/**
 * Loads any season or week from files that somebody brings: `.csv` and `.csv.gz` in the directory and below,
 * recognised by their header. Without a schedule of a season its games come from the box scores, with a
 * tip-off assumed at 19:00 Eastern. There are no lines and no injuries.
 *
 * @throws PipelineError (reject) `recording-missing` without a directory or any box score in it,
 *   `recording-corrupt` for a recognised file that cannot be read, `recording-duplicate-disagrees`.
 */
export function loadDataDirectory(directory: string, options: DataDirectoryOptions = {}): LoadedData {
  const gameTypes = options.gameTypes ?? ['002'];
  const into: Collected = { games: new AgreeingRows(), boxRows: new AgreeingRows(), ignored: [], dropped: [] };
  const digest = createHash('sha256').update(gameTypes.join(','));
  for (const file of filesBelow(directory)) {
    if (!/\.csv(\.gz)?$/.test(file)) {
      into.ignored.push(file);
      continue;
    }
    const text = readText(join(directory, file), file, remedies.brought);
    digest.update(file).update(text);
    if (isRecognised(text)) collect(readTable(text, file, remedies.brought), (id) => gameTypes.some((type) => id.startsWith(type)), into);
    else into.ignored.push(file);
  }
  const boxRows = into.boxRows.values();
  if (boxRows.length === 0) throw new PipelineError({ code: 'recording-missing', disposition: 'reject', message: `no box score of game types ${gameTypes.join(', ')} in ${directory}; add box-score files or name other game types`, facts: { directory, gameTypes } });
  const games = completeGames(into.games.values(), boxRows, into.dropped);
  holdDates(games, boxRows);
  return { season: recordedSeason({ games, stats: statsOf(games, boxRows), digest: `sha256:${digest.digest('hex')}` }), ignored: into.ignored, dropped: into.dropped };
}

function statsOf(games: readonly RecordedGame[], boxRows: readonly BoxFileRow[]): BoxFileRow['stat'][] {
  const known = new Set<string>(games.map(({ officialId }) => officialId));
  return boxRows.map(({ stat }) => stat).filter(({ officialId }) => known.has(officialId));
}

/** Looks at the header alone: a foreign file may be no proper table. */
function isRecognised(text: string): boolean {
  const header = text.slice(0, 4_000).split(/\r?\n/, 1)[0] ?? '';
  const columns = header.replace(/^\uFEFF/, '').split(',').map((column) => column.replaceAll('"', '').trim());
  return isBoxHeader(columns) || isScheduleHeader(columns);
}

