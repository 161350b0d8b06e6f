export {
  hasMoved, recordedSeason, statColumns, withoutBoxScores,
  type Announcement, type LineSource, type RecordedEvent, type RecordedGame, type RecordedInjury, type RecordedLine, type RecordedSeason, type RecordedStat, type SeasonParts, type StatColumn,
} from './recorded-season.ts';
export { madeUpSeason, type MadeUpSeason } from './made-up-season.ts';
export { boxColumns } from './box-file.ts';
export { recordingColumns, type RecordingManifest } from './recording-format.ts';
export { loadRecordings } from './load-recordings.ts';
export { loadDataDirectory, type DataDirectoryOptions, type DroppedGame, type LoadedData } from './load-data-directory.ts';
export { boxScoreAt, finalAt } from './game-moments.ts';
export { eventIdOf } from './line-answers.ts';
export { RecordedSource } from './recorded-source.ts';
